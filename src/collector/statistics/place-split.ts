/**
 * In which hour one level gives way to the next, near to where a change was seen: there the two leave the least
 * unexplained. Hours of many values count more, and no hour counts more than an outlier may: an incident beside a
 * change would else be taken for its beginning. Pure.
 */
import type { SeasonedPoint } from './season.js';

/** Hours on a level: a burst is no change. */
export const SEGMENT_MIN = 6;
/** How far a split may be moved, in hours. */
const MOVE_MAX = 24;
/** What differs between hours whatever their number of values: bursts, load. A variance of logarithms. */
const HOUR_VARIANCE_MIN = 0.0004;
/** Squared deviation, in variances, from which on an hour is an outlier: three standard deviations. */
const OUTLIER = 9;
/** In standard deviations; Huber's, for means. */
const HUBER = 1.5;
/** From the median absolute deviation to the standard deviation of a normal distribution. */
const MAD_TO_DEVIATION = 1.4826;
/** The levels are those of the sides, which the split decides. It settles after two or three. */
const ROUNDS_MAX = 3;
const HUBER_ROUNDS = 5;

/** @returns the first index of the second level; `split` itself where the segment is too short to move it */
export function placeSplit(
  points: readonly SeasonedPoint[],
  from: number,
  to: number,
  split: number,
): number {
  const first = Math.max(from + SEGMENT_MIN, split - MOVE_MAX);
  const last = Math.min(to - SEGMENT_MIN, split + MOVE_MAX);
  let placed = split;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const left = points.slice(from, placed);
    const right = points.slice(placed, to);
    const hourVariance = hourVarianceOf(left, right);
    const levels = [levelOf(left, hourVariance), levelOf(right, hourVariance)] as const;
    const best = bestSplit(points, first, last, levels, hourVariance) ?? placed;
    if (best === placed) break;
    placed = best;
  }
  return placed;
}

/** Where the hours between `first` and `last` cost the least; those beyond cost the same for each. */
function bestSplit(
  points: readonly SeasonedPoint[],
  first: number,
  last: number,
  [before, after]: readonly [number, number],
  hourVariance: number,
): number | undefined {
  const costAt = ({ value, variance }: SeasonedPoint, level: number): number =>
    Math.min(OUTLIER, (value - level) ** 2 / (variance + hourVariance));
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  let cost = 0;
  for (let i = first; i <= last; i++) {
    if (cost < least) {
      least = cost;
      best = i;
    }
    const point = points[i];
    if (point !== undefined) cost += costAt(point, before) - costAt(point, after);
  }
  return best;
}

/** What is left of the spread around both levels when chance among few values is taken off. */
function hourVarianceOf(left: readonly SeasonedPoint[], right: readonly SeasonedPoint[]): number {
  const deviations = [left, right].flatMap((side) => {
    const middle = medianOf(side.map(({ value }) => value));
    return side.map(({ value }) => Math.abs(value - middle));
  });
  const spread = (MAD_TO_DEVIATION * medianOf(deviations)) ** 2;
  const ofChance = medianOf([...left, ...right].map(({ variance }) => variance));
  return Math.max(HOUR_VARIANCE_MIN, spread - ofChance);
}

/** Huber's mean, weighted. */
function levelOf(points: readonly SeasonedPoint[], hourVariance: number): number {
  let level = medianOf(points.map(({ value }) => value));
  for (let round = 0; round < HUBER_ROUNDS; round++) {
    let weights = 0;
    let sum = 0;
    for (const { value, variance } of points) {
      const spread = variance + hourVariance;
      const far = Math.abs(value - level) / Math.sqrt(spread);
      const weight = Math.min(1, HUBER / far) / spread;
      weights += weight;
      sum += weight * value;
    }
    level = sum / weights;
  }
  return level;
}

export function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
