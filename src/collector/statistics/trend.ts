/**
 * The slope of a series that has outliers: the median of the slopes of all pairs of points (Theil 1950, Sen 1968),
 * with Sen's 95 % interval. Its points are taken as independent: give it few, far apart, such as one a day. Pure.
 */

/** Of the normal distribution, two-sided 95 %. */
const Z = 1.959964;
/** 100 points are 4,950 pairs. */
export const POINTS_MAX = 100;
/** Fewer cannot tell a slope from chance. */
const POINTS_MIN = 5;

export interface Trend {
  /** y per x. */
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

/** Of the newest `POINTS_MAX` points, ascending in x; undefined when there are too few. */
export function trendOf(
  all: readonly { readonly x: number; readonly y: number }[],
): Trend | undefined {
  const points = all.slice(-POINTS_MAX);
  const n = points.length;
  if (n < POINTS_MIN) return undefined;
  const slopes = points
    .flatMap((a, i) => points.slice(i + 1).map((b) => (b.y - a.y) / (b.x - a.x)))
    .sort((a, b) => a - b);
  const half = (Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)) / 2;
  const at = (rank: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, rank))]!;
  const middle = slopes.length / 2;
  return {
    slope: (at(Math.ceil(middle) - 1) + at(Math.floor(middle))) / 2,
    low: at(Math.floor(middle - half) - 1),
    high: at(Math.ceil(middle + half)),
  };
}
