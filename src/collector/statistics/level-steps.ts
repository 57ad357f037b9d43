/**
 * The steps of an hourly series, each in its hour. They are looked for twice: what the day and the week are like is
 * learnt from the history first, and once it is known where the level stepped, from all hours, each without its
 * level. Twice the hours make seasons half as noisy, and a step lies where it is by an hour or two. Pure.
 */
import { type ChangePoint, changePoints, placed } from './change-points.js';
import type { HourlySeries } from './hour-bins.js';
import type { HourOfWeek } from './pairing.js';
import { medianOf } from './place-split.js';
import { type SeasonedPoint, withoutSeason } from './season.js';

export interface StepsWanted {
  /** No step is looked for before it. */
  readonly fromMs: number;
  /** What is before it is the history that seasons are learnt from at first. */
  readonly baseToMs: number;
}

/** In the order of time. */
export function levelSteps(
  series: HourlySeries,
  hourOfWeek: HourOfWeek,
  { fromMs, baseToMs }: StepsWanted,
): ChangePoint[] {
  const wanted = (points: SeasonedPoint[]): SeasonedPoint[] =>
    points.filter(({ timeMs }) => timeMs >= fromMs);
  const rough = wanted(
    withoutSeason(series, hourOfWeek, (timeMs) => (timeMs < baseToMs ? 0 : undefined)),
  );
  const found = changePoints(rough);
  if (found.length === 0) return [];
  const levels = levelsOf(rough, found);
  const points = wanted(withoutSeason(series, hourOfWeek, (timeMs) => levels.get(timeMs) ?? 0));
  return placed(
    points,
    found.map(({ timeMs }) => points.findIndex((point) => point.timeMs === timeMs)),
  );
}

/** By the start of each hour. */
function levelsOf(
  points: readonly SeasonedPoint[],
  steps: readonly ChangePoint[],
): ReadonlyMap<number, number> {
  const levels = new Map<number, number>();
  const starts = [Number.NEGATIVE_INFINITY, ...steps.map(({ timeMs }) => timeMs)];
  starts.forEach((startMs, index) => {
    const endMs = starts[index + 1] ?? Number.POSITIVE_INFINITY;
    const members = points.filter(({ timeMs }) => timeMs >= startMs && timeMs < endMs);
    const level = medianOf(members.map(({ value }) => value));
    for (const { timeMs } of members) levels.set(timeMs, level);
  });
  return levels;
}
