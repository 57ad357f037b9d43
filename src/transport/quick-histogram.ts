/**
 * hdr-histogram-js with a short way in. Runs in the agent's worker, for each record. The library
 * finds a slot by log2, pow and floor on doubles; for whole numbers below 2^31 the same slot takes
 * four integer operations. It owns the counts, lets them grow and takes what is larger; a property
 * test compares every slot (docs/internals/performance.md has the figures).
 */
import { createRequire } from 'node:module';
import type int32Histogram from 'hdr-histogram-js/dist/Int32Histogram.js';
import type { HdrPayloads } from './hdr-payload.js';

// The package's entry would load its WebAssembly build and base64 as well. Required, not imported:
// loaders differ in what they make of the default export of CommonJS.
type Int32Histogram = InstanceType<typeof int32Histogram.default>;
const { default: Int32Histogram } = createRequire(import.meta.url)(
  'hdr-histogram-js/dist/Int32Histogram.js',
) as typeof int32Histogram;

/** Values at and above this take the library's own way. */
const QUICK_BELOW = 2 ** 31;

export class QuickHistogram {
  readonly #histogram: Int32Histogram;
  /** log2 of half the slots of a bucket. */
  readonly #halfMagnitude: number;
  /** The largest value of the first bucket: below it each value has a slot of its own. */
  readonly #mask: number;
  /** The library's own array; another one after it grew. */
  #counts: Uint32Array;

  /** Begins small and grows with its values: 512 B for a window of small ones, 11 KiB for any. */
  constructor(digits: number) {
    this.#histogram = new Int32Histogram(1, 2, digits);
    this.#histogram.autoResize = true;
    this.#counts = countsOf(this.#histogram);
    this.#halfMagnitude = this.#histogram.subBucketHalfCountMagnitude;
    this.#mask = 2 ** (this.#halfMagnitude + 1) - 1;
  }

  /** `value` is a whole number from 0 to 2^53 - 1. */
  record(value: number): void {
    if (value < QUICK_BELOW) {
      const bucket = 31 - this.#halfMagnitude - Math.clz32(value | this.#mask);
      const slot = (bucket << this.#halfMagnitude) + (value >>> bucket);
      if (slot < this.#counts.length) {
        this.#counts[slot]!++;
        return;
      }
    }
    this.#histogram.recordValue(value);
    this.#counts = countsOf(this.#histogram);
  }

  /** The V2 payload, as long as `into` keeps it; `max` is the largest value since the last reset. */
  payload(max: number, into: HdrPayloads): Uint8Array {
    this.#histogram.maxValue = max;
    return into.add(this.#histogram);
  }

  reset(): void {
    this.#histogram.reset();
  }
}

function countsOf({ _counts }: Int32Histogram): Uint32Array {
  return _counts as Uint32Array;
}
