/**
 * The one rule for percentiles, of the flat formats and of the collector: the middle of the slot that
 * holds the rank, held between the exact minimum and maximum. At 2 significant digits that is within
 * 0.4 % of the exact value. Pure arithmetic, in one pass over the slots.
 */
import { type HdrLayout, middleOfSlot } from './hdr-layout.js';

export interface SlotCounts {
  readonly layout: HdrLayout;
  /** Sum of all counts. */
  readonly total: number;
  /** The slots that `counts` belong to, ascending; absent, `counts` begins at slot 0. */
  readonly indexes?: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/** Exact ends of what was recorded, where they are known. */
export interface Extent {
  readonly min: number;
  readonly max: number;
}

const UNKNOWN: Extent = { min: 0, max: Number.MAX_SAFE_INTEGER };

/**
 * Values at ranks in thousandths (990 is p99), which must ascend. The p-th percentile is the smallest
 * value with at least ceil(p × total) values at or below it. Zeros when nothing was recorded.
 */
export function percentilesOf(
  { layout, total, indexes, counts }: SlotCounts,
  permilles: readonly number[],
  { min, max }: Extent = UNKNOWN,
): number[] {
  if (total === 0) return permilles.map(() => 0);
  let next = 0;
  let seen = 0;
  return permilles.map((permille) => {
    // At least 1: the 0th percentile is the smallest value.
    const rank = Math.max(1, Math.ceil((permille * total) / 1000));
    while (seen < rank && next < counts.length) seen += counts[next++]!;
    const slot = indexes === undefined ? next - 1 : indexes[next - 1]!;
    return Math.min(max, Math.max(min, middleOfSlot(layout, slot)));
  });
}
