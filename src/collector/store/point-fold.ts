/**
 * Points of one series folded into one: the only arithmetic of the store, used when a batch repeats
 * a series, when a rollup merges windows, and when a query merges rows. Sums, counts and histogram
 * buckets add up exactly; minimum and maximum are kept; `last` is the newest sample.
 */
import { MergedHistogram } from '../../transport/merged-histogram.js';

/** What is stored of a series and a time. A counter has count 1 and its value everywhere else. */
export interface PointValues {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
  /** Start of the window that `last` comes from. */
  readonly lastMs: number;
  /** HdrHistogram V2, uncompressed; null of counters and gauges. */
  readonly payload: Uint8Array | null;
}

/** Owns its histogram's memory: make one, and `clear` it between series. */
export class PointFold {
  count = 0;
  sum = 0;
  min: number = Number.POSITIVE_INFINITY;
  max: number = Number.NEGATIVE_INFINITY;
  last = 0;
  lastMs: number = Number.NEGATIVE_INFINITY;
  /** A lone payload is kept as it came: most points are never merged. */
  #lone: Uint8Array | undefined;
  #histogram: MergedHistogram | undefined;
  #merged = false;

  get isEmpty(): boolean {
    return this.count === 0;
  }

  add(point: PointValues): void {
    this.count += point.count;
    this.sum += point.sum;
    if (point.min < this.min) this.min = point.min;
    if (point.max > this.max) this.max = point.max;
    if (point.lastMs >= this.lastMs) {
      this.last = point.last;
      this.lastMs = point.lastMs;
    }
    if (point.payload !== null) this.#addPayload(point.payload);
  }

  /** Adds what another one holds, which stays as it is. */
  merge(other: PointFold): void {
    if (other.isEmpty) return;
    const { count, sum, min, max, last, lastMs } = other;
    this.add({ count, sum, min, max, last, lastMs, payload: other.#lone ?? null });
    if (other.#merged && other.#histogram !== undefined) this.histogram.merge(other.#histogram);
  }

  #addPayload(payload: Uint8Array): void {
    if (!this.#merged && this.#lone === undefined) {
      this.#lone = payload;
      return;
    }
    this.histogram.add(payload);
  }

  /** The merged buckets, valid until the next `clear`. */
  get histogram(): MergedHistogram {
    this.#histogram ??= new MergedHistogram();
    if (this.#lone !== undefined) {
      this.#histogram.add(this.#lone);
      this.#lone = undefined;
    }
    this.#merged = true;
    return this.#histogram;
  }

  /** The folded payload, or null when none was added. */
  get payload(): Uint8Array | null {
    return this.#lone ?? this.#histogram?.encode() ?? null;
  }

  clear(): void {
    this.count = 0;
    this.sum = 0;
    this.min = Number.POSITIVE_INFINITY;
    this.max = Number.NEGATIVE_INFINITY;
    this.last = 0;
    this.lastMs = Number.NEGATIVE_INFINITY;
    this.#lone = undefined;
    if (this.#merged) this.#histogram?.clear();
    this.#merged = false;
  }
}
