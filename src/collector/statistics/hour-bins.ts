/**
 * The distribution of one hour, sparse: what statistics count with. Values are whole numbers of `1 / scale` of
 * the metric's unit. Some 600 bytes an hour of a busy route, at 2 significant digits. Pure.
 */
import { type HdrLayout, highestOfSlot, lowestOfSlot } from '../../transport/hdr-layout.js';

export const HOUR_MS = 3_600_000;

/** Filled slots, ascending; `slots` and `counts` have the same length. */
export interface Bins {
  readonly count: number;
  readonly sum: number;
  readonly slots: Uint32Array;
  readonly counts: Float64Array;
}

export interface HourBins extends Bins {
  /** Start of the hour. */
  readonly timeMs: number;
}

/** All hours of one thing, in one layout. */
export interface HourlySeries {
  readonly layout: HdrLayout;
  /** Ascending; hours without data are left out. */
  readonly hours: readonly HourBins[];
}

export function mergeBins(parts: readonly Bins[]): Bins {
  if (parts.length === 1) return parts[0]!;
  const merged = new Map<number, number>();
  let count = 0;
  let sum = 0;
  for (const part of parts) {
    count += part.count;
    sum += part.sum;
    part.slots.forEach((slot, index) => {
      merged.set(slot, (merged.get(slot) ?? 0) + part.counts[index]!);
    });
  }
  const slots = Uint32Array.from(merged.keys()).sort();
  return { count, sum, slots, counts: Float64Array.from(slots, (slot) => merged.get(slot)!) };
}

/**
 * The value with `share` of all values below it. Within a slot values are taken to be spread evenly, so that
 * ratios are not as coarse as slots are (1 %).
 */
export function quantileOf(
  layout: HdrLayout,
  slots: ArrayLike<number>,
  counts: ArrayLike<number>,
  total: number,
  share: number,
): number {
  const rank = share * total;
  let seen = 0;
  for (let i = 0; i < slots.length; i++) {
    const count = counts[i]!;
    if (count > 0 && seen + count >= rank) {
      const low = lowestOfSlot(layout, slots[i]!);
      const width = highestOfSlot(layout, slots[i]!) + 1 - low;
      return low + (width * Math.max(0, rank - seen)) / count;
    }
    seen += count;
  }
  return 0;
}
