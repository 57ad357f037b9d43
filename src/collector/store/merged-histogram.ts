/**
 * Histograms merged bucket by bucket: what a query and a rollup add payloads into. Runs in the
 * collector and in its query pool. It owns one array of counts that grows with the highest bucket
 * used (at most 46,080 at 3 digits, 360 KiB). Counts are doubles, because a month of a busy route
 * does not fit in 32 bits.
 */
import { deflateSync } from 'node:zlib';
import { decodeHdrPayload } from '../../transport/decode-hdr-payload.js';
import {
  type HdrLayout,
  hdrLayout,
  highestOfSlot,
  lowestOfSlot,
} from '../../transport/hdr-layout.js';
import { encodeHdrPayload } from '../../transport/hdr-payload.js';

/** Cookie of the compressed V2 encoding: this, the length, and the payload deflated. */
const COMPRESSED_COOKIE = 0x1c84_9314;
const FIRST_SLOTS = 256;

export class MergedHistogram {
  #layout: HdrLayout | undefined;
  #counts = new Float64Array(0);
  /** Slots at and above this one are empty. */
  #length = 0;
  #total = 0;

  /** How many values were added. */
  get count(): number {
    return this.#total;
  }

  /**
   * Adds a V2 payload. The first one decides the layout; slots of another layout are added at
   * their middle, which costs at most the error of one slot.
   * @throws {HdrFormatError} when the bytes cannot be read.
   */
  add(payload: Uint8Array): void {
    const { layout, total, indexes, counts } = decodeHdrPayload(payload);
    this.#layout ??= layout;
    const target = this.#layout;
    const same =
      target.halfCount === layout.halfCount && target.unitMagnitude === layout.unitMagnitude;
    if (layout.highest > target.highest) {
      this.#layout = hdrLayout(target.digits, target.lowest, layout.highest);
    }
    const last = indexes.length - 1;
    if (last < 0) return;
    const slotOf = (slot: number): number =>
      same ? slot : slotAt(target, middleOfSlot(layout, slot));
    this.#reach(slotOf(indexes[last] as number));
    const own = this.#counts;
    for (let i = 0; i <= last; i++) {
      const slot = same ? (indexes[i] as number) : slotOf(indexes[i] as number);
      own[slot] = (own[slot] as number) + (counts[i] as number);
    }
    this.#total += total;
  }

  #reach(slot: number): void {
    if (slot >= this.#length) this.#length = slot + 1;
    if (slot < this.#counts.length) return;
    const grown = new Float64Array(Math.max(slot + 1, this.#counts.length * 2, FIRST_SLOTS));
    grown.set(this.#counts);
    this.#counts = grown;
  }

  /**
   * Values at the given ranks in thousandths (990 is p99), ascending. A rank is the smallest value
   * with at least ceil(p × count) values at or below it; the middle of its slot stands for it, so
   * that the error is half a slot: 0.4 % at 2 significant digits.
   */
  percentiles(permilles: readonly number[]): number[] {
    const layout = this.#layout;
    if (layout === undefined || this.#total === 0) return permilles.map(() => 0);
    const values: number[] = [];
    let slot = -1;
    let seen = 0;
    for (const permille of permilles) {
      // At least 1: the 0th percentile is the smallest value.
      const rank = Math.max(1, Math.ceil((permille * this.#total) / 1000));
      while (seen < rank && slot + 1 < this.#length) {
        slot += 1;
        seen += this.#counts[slot] as number;
      }
      values.push(middleOfSlot(layout, slot));
    }
    return values;
  }

  /** The V2 payload, uncompressed, or undefined when nothing was added. */
  encode(): Uint8Array | undefined {
    const layout = this.#layout;
    if (layout === undefined) return undefined;
    return encodeHdrPayload({
      numberOfSignificantValueDigits: layout.digits,
      lowestDiscernibleValue: layout.lowest,
      highestTrackableValue: layout.highest,
      maxValue: this.#length - 1,
      _counts: this.#counts,
      countsArrayIndex: (slot) => slot,
    });
  }

  /** The compressed V2 payload in base64, which every HdrHistogram port decodes. */
  encodeBase64(): string | undefined {
    const payload = this.encode();
    if (payload === undefined) return undefined;
    const deflated = deflateSync(payload);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(COMPRESSED_COOKIE, 0);
    head.writeUInt32BE(deflated.byteLength, 4);
    return Buffer.concat([head, deflated]).toString('base64');
  }

  /** Empties it and keeps its memory. */
  clear(): void {
    this.#counts.fill(0, 0, this.#length);
    this.#length = 0;
    this.#total = 0;
    this.#layout = undefined;
  }
}

/** The value that stands for a slot, as medianEquivalentValue of every HdrHistogram port. */
function middleOfSlot(layout: HdrLayout, slot: number): number {
  const low = lowestOfSlot(layout, slot);
  return low + Math.floor((highestOfSlot(layout, slot) - low + 1) / 2);
}

/** The slot of `value`, a whole number below 2^53. */
function slotAt(layout: HdrLayout, value: number): number {
  const units = Math.floor(value / 2 ** layout.unitMagnitude);
  let bucket = 0;
  while (units >= 2 * layout.halfCount * 2 ** bucket) bucket++;
  return bucket * layout.halfCount + Math.floor(units / 2 ** bucket);
}
