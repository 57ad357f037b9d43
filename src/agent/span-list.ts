/**
 * The spans of one unit: what was called, when and for how long, four words each, in a buffer that is
 * lent and given back. Nothing is formatted and nothing leaves the thread unless the unit is kept.
 * The words are KeptTrace's (src/shared/worker-protocol.ts).
 */
import { SPAN_WORDS } from '../shared/worker-protocol.js';

export const NO_DETAIL = -1;
/** Place of a span that was not kept. */
export const NO_SPAN = -1;
/** Spans kept of a unit; what comes later is counted. */
export const SPANS_MAX = 128;
/** Buffers that wait to be lent again: 2 KiB each. */
const SPARE_MAX = 64;
/** Buffers lent at a time: thousands of long-lived requests (event streams) have one each at most until then. */
const LENT_MAX = 1000;
const LONGEST_US = 0x7fff_ffff;

export const NO_SPANS: Int32Array = new Int32Array(0);

const spare: SpanList[] = [];
let lent = 0;

export class SpanList {
  readonly #words = new Int32Array(SPANS_MAX * SPAN_WORDS);
  #count = 0;
  /** Spans that came when the list was full. */
  #omitted = 0;

  /** An empty list, which whoever takes it gives back by `release`; undefined when too many are lent. */
  static take(): SpanList | undefined {
    if (lent >= LENT_MAX) return undefined;
    lent += 1;
    return spare.pop() ?? new SpanList();
  }

  get omitted(): number {
    return this.#omitted;
  }

  /** Returns its place, or NO_SPAN. */
  add(series: number, startUs: number, durationUs: number, detail: number): number {
    if (this.#count === SPANS_MAX) {
      this.#omitted += 1;
      return NO_SPAN;
    }
    const place = this.#count;
    this.#words[place * SPAN_WORDS + 1] = Math.min(startUs, LONGEST_US);
    this.#count += 1;
    this.end(place, series, durationUs, detail);
    return place;
  }

  /** What is known of the span at `place` once it is over. */
  end(place: number, series: number, durationUs: number, detail: number): void {
    const words = this.#words;
    const at = place * SPAN_WORDS;
    words[at] = series;
    words[at + 2] = Math.min(durationUs, LONGEST_US);
    words[at + 3] = detail;
  }

  /** A copy of the words of the spans so far. */
  copy(): Int32Array {
    return this.#words.slice(0, this.#count * SPAN_WORDS);
  }

  release(): void {
    this.#count = 0;
    this.#omitted = 0;
    lent -= 1;
    if (spare.length < SPARE_MAX) spare.push(this);
  }
}
