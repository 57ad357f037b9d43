/**
 * An hourly series without its day and week, and without what bursts of load do to it: what is left is where a
 * change shows as a step. Each hour is the mean of the logarithms of its values, which all of them tell, and
 * which no outlier moves far. Pure.
 */
import { middleOfSlot } from '../../transport/hdr-layout.js';
import type { HourlySeries } from './hour-bins.js';
import type { HourOfWeek } from './pairing.js';

export interface SeasonedPoint {
  readonly timeMs: number;
  /** Logarithm of the level, over that of its time of the week. */
  readonly value: number;
  /** How far chance among so few values may have moved it: a variance. */
  readonly variance: number;
}

/** Hours with fewer values are left out: chance alone moves their mean. */
const SAMPLES_MIN = 5;
const HOURS_OF_DAY = 24;
const WEEKEND_FROM_DAY = 5;

/** @param baseToMs the day, the week and what load does are learnt from what is before */
export function withoutSeason(
  { layout, hours }: HourlySeries,
  hourOfWeek: HourOfWeek,
  baseToMs: number,
): SeasonedPoint[] {
  const points = hours
    .filter(({ count }) => count >= SAMPLES_MIN)
    .map(({ timeMs, count, slots, counts }): Hour => {
      let sum = 0;
      let squares = 0;
      slots.forEach((slot, index) => {
        const log = Math.log(Math.max(1, middleOfSlot(layout, slot)));
        sum += counts[index]! * log;
        squares += counts[index]! * log * log;
      });
      const level = sum / count;
      const variance = Math.max(0, squares / count - level ** 2) / count;
      return { timeMs, hour: hourOfWeek(timeMs), level, load: Math.log(count), variance };
    });
  const base = points.filter(({ timeMs }) => timeMs < baseToMs);
  const levelAt = seasonOf(base, 'level');
  const loadAt = seasonOf(base, 'load');
  const rest = (point: Hour): { level: number; load: number } => ({
    level: point.level - levelAt(point.hour),
    load: point.load - loadAt(point.hour),
  });
  const slope = slopeOf(base.map(rest));
  return points.map((point) => {
    const { level, load } = rest(point);
    const { timeMs, variance } = point;
    return { timeMs, value: level - slope * load, variance };
  });
}

interface Hour {
  readonly timeMs: number;
  readonly hour: number;
  /** Logarithms of the latency and of the number of calls. */
  readonly level: number;
  readonly load: number;
  readonly variance: number;
}

/** By how much more load than usual makes calls slower: never faster, and never more than in proportion. */
function slopeOf(points: readonly { readonly level: number; readonly load: number }[]): number {
  const squares = points.reduce((sum, { load }) => sum + load * load, 0);
  if (squares === 0) return 0;
  const slope = points.reduce((sum, { level, load }) => sum + level * load, 0) / squares;
  return Math.min(1, Math.max(0, slope));
}

/** The usual level at an hour of the week: its hour of workdays, or of weekends; else what is nearest to that. */
function seasonOf(points: readonly Hour[], of: 'level' | 'load'): (hour: number) => number {
  const cells = new Map<string, number[]>();
  for (const point of points) {
    for (const cell of cellsOf(point.hour)) {
      const list = cells.get(cell);
      if (list === undefined) cells.set(cell, [point[of]]);
      else list.push(point[of]);
    }
  }
  const levels = new Map([...cells].map(([cell, values]) => [cell, medianOf(values)]));
  return (hour) => {
    for (const cell of cellsOf(hour)) {
      const level = levels.get(cell);
      if (level !== undefined) return level;
    }
    return 0;
  };
}

/** The narrowest first. */
function cellsOf(hour: number): string[] {
  const isWeekend = Math.floor(hour / HOURS_OF_DAY) >= WEEKEND_FROM_DAY;
  const ofDay = hour % HOURS_OF_DAY;
  return [`${isWeekend ? 'weekend' : 'workday'} ${ofDay}`, `any ${ofDay}`, 'any'];
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
