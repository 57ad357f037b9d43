/**
 * Groups of a histogram metric merged by what they have in common, with the percentiles that a view asks
 * for. Pure; lives as long as one answer.
 */
import { inflateSync } from 'node:zlib';
import { PERCENTILE_SAMPLES_MIN } from '../../shared/budget.js';
import type { Metric } from '../../shared/metric.js';
import { hdrLayout, middleOfSlot, slotOf } from '../../transport/hdr-layout.js';
import { MergedHistogram } from '../../transport/merged-histogram.js';
import type { HistogramStats, QueryGroup } from '../query/query-request.js';

/** Of what the beacon's metrics are recorded in. */
const LAYOUT = hdrLayout(2, 1, 2 ** 42);
/** Cookie and length, before what is deflated. */
const COMPRESSED_HEAD_BYTES = 8;

/** A group of an answer, its histogram read once however often it is merged. */
export interface ReadGroup {
  readonly attributes: Readonly<Record<string, string>>;
  readonly stats: HistogramStats;
  /** HdrHistogram V2, uncompressed. */
  readonly payload: Uint8Array;
}

/** Groups without a histogram have nothing to merge, and are left out. */
export function readGroups(groups: readonly QueryGroup[]): ReadGroup[] {
  return groups.flatMap(({ attributes, total }) => {
    const stats = total as HistogramStats;
    if (stats.histogram === undefined) return [];
    const deflated = Buffer.from(stats.histogram, 'base64').subarray(COMPRESSED_HEAD_BYTES);
    return [{ attributes, stats, payload: inflateSync(deflated) }];
  });
}

export class Spread {
  readonly #merged = new MergedHistogram();
  readonly #scale: number;
  #min = Number.MAX_SAFE_INTEGER;
  #max = 0;
  #sum = 0;

  constructor({ scale }: Metric) {
    this.#scale = scale;
  }

  get count(): number {
    return this.#merged.count;
  }

  get sum(): number {
    return this.#sum;
  }

  add({ payload, stats: { min, max, sum } }: ReadGroup): void {
    this.#merged.add(payload);
    this.#min = Math.min(this.#min, Math.round(min * this.#scale));
    this.#max = Math.max(this.#max, Math.round(max * this.#scale));
    this.#sum += sum;
  }

  /** In the metric's unit; null of fewer values than a percentile says anything of. */
  percentile(permille: number): number | null {
    if (this.count < PERCENTILE_SAMPLES_MIN) return null;
    const extent = { min: this.#min, max: this.#max };
    return this.#merged.percentiles([permille], extent)[0]! / this.#scale;
  }

  /**
   * Values above `limit`, to the error of one slot. What shares the slot of the limit is not above it:
   * browsers measure in steps of 8 ms, and often meet one exactly.
   */
  countAbove(limit: number): number {
    const slot = slotOf(LAYOUT, Math.round(limit * this.#scale));
    return this.#merged.countAbove(middleOfSlot(LAYOUT, slot));
  }
}

/** By the values of one attribute; without it all in one, under an empty name. */
export function spreads(
  metric: Metric,
  groups: readonly ReadGroup[],
  attribute?: string,
): ReadonlyMap<string, Spread> {
  const found = new Map<string, Spread>();
  for (const group of groups) {
    const key = attribute === undefined ? '' : (group.attributes[attribute] ?? '');
    let spread = found.get(key);
    if (spread === undefined) {
      spread = new Spread(metric);
      found.set(key, spread);
    }
    spread.add(group);
  }
  return found;
}
