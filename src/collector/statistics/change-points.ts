/**
 * When a series changed its level: E-divisive (Matteson and James 2014) with a t-test in place of its
 * permutations, as Apache Otava does, so that the answer is the same each time. Each point that is found is then
 * moved to where the two levels fit best. Pure. O(n²) a segment: 336 hours take 2 ms.
 */
import { placeSplit, SEGMENT_MIN } from './place-split.js';
import type { SeasonedPoint } from './season.js';
import { twoSidedP } from './student-t.js';

export interface ChangePoint {
  /** Start of the first hour on the new level. */
  readonly timeMs: number;
  /** Of the logarithm. */
  readonly shift: number;
  /** Student's t of the two levels: the surer, the farther from 0. */
  readonly t: number;
}

/** Otava's limit. */
const P_MAX = 0.001;
/** Of the logarithm, 4 %: the test is made where the split looks best, and would find more than there is. */
const SHIFT_MIN = 0.04;
/** Hours of a series at most: five weeks. */
export const HOURS_MAX = 840;
/** In the order of time; of a longer series, those of its newest `HOURS_MAX` hours. */
export function changePoints(series: readonly SeasonedPoint[]): ChangePoint[] {
  const points = series.slice(-HOURS_MAX);
  const values = Float64Array.from(points, ({ value }) => value);
  const splits: number[] = [];
  divide(values, 0, values.length, splits);
  return placed(
    points,
    splits.sort((a, b) => a - b),
  );
}

/** @param splits indexes of `points`, ascending, near to where they belong */
export function placed(points: readonly SeasonedPoint[], splits: readonly number[]): ChangePoint[] {
  const values = Float64Array.from(points, ({ value }) => value);
  return splits.map((split, index) => {
    const from = splits[index - 1] ?? 0;
    const to = splits[index + 1] ?? points.length;
    const moved = placeSplit(points, from, to, split);
    const { shift, t } = welch(values, from, moved, to);
    return { timeMs: points[moved]!.timeMs, shift, t };
  });
}

function divide(values: Float64Array, from: number, to: number, splits: number[]): void {
  if (to - from < 2 * SEGMENT_MIN) return;
  const split = energySplit(values, from, to);
  const { shift, t, freedom } = welch(values, from, split, to);
  if (Math.abs(shift) < SHIFT_MIN || twoSidedP(t, freedom) >= P_MAX) return;
  splits.push(split);
  divide(values, from, split, splits);
  divide(values, split, to, splits);
}

/** The split whose sides have the largest energy distance, scaled by their lengths. */
function energySplit(values: Float64Array, from: number, to: number): number {
  let left = 0;
  let cross = 0;
  let right = 0;
  for (let i = from; i < to; i++) {
    for (let j = i + 1; j < to; j++) right += Math.abs(values[i]! - values[j]!);
  }
  let best = from + SEGMENT_MIN;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = from; k < to - SEGMENT_MIN; k++) {
    let toLeft = 0;
    let toRight = 0;
    for (let i = from; i < k; i++) toLeft += Math.abs(values[i]! - values[k]!);
    for (let j = k + 1; j < to; j++) toRight += Math.abs(values[j]! - values[k]!);
    left += toLeft;
    right -= toRight;
    cross += toRight - toLeft;
    const m = k + 1 - from;
    const n = to - k - 1;
    if (m < SEGMENT_MIN) continue;
    const within = (2 * left) / (m * (m - 1)) + (2 * right) / (n * (n - 1));
    const energy = ((m * n) / (m + n)) * ((2 * cross) / (m * n) - within);
    if (energy > most) {
      most = energy;
      best = k + 1;
    }
  }
  return best;
}

interface Welch {
  readonly shift: number;
  readonly t: number;
  readonly freedom: number;
}

/** Welch's t of what is before and from `split` on. */
function welch(values: Float64Array, from: number, split: number, to: number): Welch {
  const a = momentsOf(values.subarray(from, split));
  const b = momentsOf(values.subarray(split, to));
  const varianceA = a.variance / a.count;
  const varianceB = b.variance / b.count;
  const variance = varianceA + varianceB;
  const freedom =
    variance ** 2 /
    (varianceA ** 2 / Math.max(1, a.count - 1) + varianceB ** 2 / Math.max(1, b.count - 1));
  const shift = b.mean - a.mean;
  const t = variance > 0 ? shift / Math.sqrt(variance) : shift === 0 ? 0 : shift * Infinity;
  return { shift, t, freedom: variance > 0 ? freedom : 1 };
}

function momentsOf(values: Float64Array): { count: number; mean: number; variance: number } {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, variance: squares / Math.max(1, count - 1) };
}
