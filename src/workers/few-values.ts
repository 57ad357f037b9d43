/**
 * The first values of a window as they came, in order of size. Most series of an application that has
 * many see few values in ten seconds: a histogram that reaches to the largest of them has 1 to 18 KiB
 * of zeros, and grows for good with each rare large one. These take 256 bytes, whatever comes.
 * Runs in the agent's worker, for each record.
 */
import { type HdrLayout, hdrLayout } from '../transport/hdr-layout.js';
import type { HdrPayloads } from '../transport/hdr-payload.js';
import type { QuickHistogram } from '../transport/quick-histogram.js';

/** Three values a second of a window of 10 s. Where there are more, a histogram is quicker. */
export const FEW_MAX = 32;

export class FewValues {
  readonly #values = new Float64Array(FEW_MAX);
  #count = 0;

  /** Takes a whole number from 0 to 2^42; false when there is no room for it. */
  add(value: number): boolean {
    if (this.#count === FEW_MAX) return false;
    const values = this.#values;
    let at = this.#count++;
    while (at > 0 && values[at - 1]! > value) {
      values[at] = values[at - 1]!;
      at--;
    }
    values[at] = value;
    return true;
  }

  /** The payload that a histogram of these values has. */
  payload(digits: number, into: HdrPayloads): Uint8Array {
    const layout = layoutFor(digits, this.#values[this.#count - 1]!);
    return into.addValues(this.#values, this.#count, layout);
  }

  /** Leaves its values to `histogram`. */
  moveTo(histogram: QuickHistogram): void {
    for (let at = 0; at < this.#count; at++) histogram.record(this.#values[at]!);
    this.#count = 0;
  }

  clear(): void {
    this.#count = 0;
  }
}

/** One for each number of digits and power of two: 40 in practice. */
const layouts = new Map<number, HdrLayout>();

/** As hdr-histogram-js grows from the smallest range: to the end of the bucket of the largest value. */
function layoutFor(digits: number, max: number): HdrLayout {
  const exponent = Math.floor(Math.log2(Math.max(1, max)));
  const key = digits * 64 + exponent;
  let layout = layouts.get(key);
  if (layout === undefined) {
    const smallest = hdrLayout(digits, 1, 2);
    const highest = 2 ** (exponent + 1) - 1;
    layout = highest < 2 * smallest.halfCount ? smallest : hdrLayout(digits, 1, highest);
    layouts.set(key, layout);
  }
  return layout;
}
