/**
 * The slope of a line through points that have outliers: the median of the slopes of all pairs (Theil 1950, Sen 1968),
 * with Sen's 95 % interval from the variance of Kendall's S. The interval takes points as independent of each other:
 * give it few, far apart.
 */
import { quantileOfSorted } from './quantile.js';

/** Of the normal distribution, two-sided 95 %. */
const Z = 1.959964;
/** 200 points are 19,900 pairs. */
const POINTS_MAX = 200;

/**
 * @param {readonly { x: number, y: number }[]} points At least two, with different x.
 * @returns {{ slope: number, low: number, high: number }} y per x.
 * @throws {RangeError} when there are too few or too many.
 */
export function theilSen(points) {
  const n = points.length;
  if (n < 2 || n > POINTS_MAX) {
    throw new RangeError(`theilSen: expected 2 to ${POINTS_MAX} points, got ${n}`);
  }
  const slopes = points
    .flatMap((a, i) => points.slice(i + 1).map((b) => (b.y - a.y) / (b.x - a.x)))
    .sort((a, b) => a - b);
  const half = (Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)) / 2;
  const at = (/** @type {number} */ rank) =>
    /** @type {number} */ (slopes[Math.min(slopes.length - 1, Math.max(0, rank))]);
  return {
    slope: quantileOfSorted(slopes, 0.5),
    low: at(Math.floor(slopes.length / 2 - half) - 1),
    high: at(Math.ceil(slopes.length / 2 + half)),
  };
}
