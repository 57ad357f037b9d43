/**
 * An hourly series without its day and week, and without what bursts of load do to it: what is left is where a
 * change shows as a step. Each hour is the mean of the logarithms of its values, which all of them tell, and
 * which no outlier moves far. Load counts by its number of calls, not by that number's logarithm: what waits for
 * others waits in proportion to them. Pure.
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

/**
 * What an hour's level is beside its season, so that the season can be learnt from it; undefined where it is not to be
 * learnt from.
 */
export type LevelAt = (timeMs: number) => number | undefined;

export function withoutSeason(
  { layout, hours }: HourlySeries,
  hourOfWeek: HourOfWeek,
  levelAt: LevelAt,
): SeasonedPoint[] {
  const counted = hours.filter(({ count }) => count >= SAMPLES_MIN);
  const usual = counted.reduce((sum, { count }) => sum + count, 0) / counted.length;
  const points = counted.map(({ timeMs, count, slots, counts }): Hour => {
    let sum = 0;
    let squares = 0;
    slots.forEach((slot, index) => {
      const log = Math.log(Math.max(1, middleOfSlot(layout, slot)));
      sum += counts[index]! * log;
      squares += counts[index]! * log * log;
    });
    const level = sum / count;
    const variance = Math.max(0, squares / count - level ** 2) / count;
    return { timeMs, hour: hourOfWeek(timeMs), level, load: count / usual, variance };
  });
  const base = points.flatMap((point) => {
    const level = levelAt(point.timeMs);
    return level === undefined ? [] : [{ ...point, level: point.level - level }];
  });
  const usualLevel = seasonOf(base, 'level');
  const usualLoad = seasonOf(base, 'load');
  const rest = ({ hour, level, load }: Hour): Rest => ({
    level: level - usualLevel(hour),
    load,
    usualLoad: usualLoad(hour),
  });
  const slope = slopeOf(base.map(rest));
  return points.map((point) => {
    const { timeMs, variance } = point;
    const left = rest(point);
    return { timeMs, value: left.level - ofLoad(left, slope), variance };
  });
}

interface Hour {
  readonly timeMs: number;
  readonly hour: number;
  /** Logarithm of the latency. */
  readonly level: number;
  /** Calls, over those of a usual hour. */
  readonly load: number;
  readonly variance: number;
}

interface Rest {
  readonly level: number;
  readonly load: number;
  readonly usualLoad: number;
}

/** By how much more load than usual makes calls slower: never faster. */
function slopeOf(points: readonly Rest[]): number {
  let squares = 0;
  let products = 0;
  for (const { level, load, usualLoad } of points) {
    squares += (load - usualLoad) ** 2;
    products += level * (load - usualLoad);
  }
  return squares === 0 ? 0 : Math.max(0, products / squares);
}

/** At most in proportion to the load. */
function ofLoad({ load, usualLoad }: Rest, slope: number): number {
  const more = slope * (load - usualLoad);
  if (usualLoad <= 0) return 0;
  const most = Math.log(load / usualLoad);
  return more > 0 ? Math.min(more, most) : Math.max(more, most);
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
  const levels = new Map([...cells].map(([cell, values]) => [cell, middleOf(values)]));
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

/** The mean without the lowest and the highest quarter: a median that uses more of few values. */
function middleOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const cut = Math.max(Math.floor(sorted.length / 4), sorted.length > 2 ? 1 : 0);
  const middle = sorted.subarray(cut, sorted.length - cut);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
