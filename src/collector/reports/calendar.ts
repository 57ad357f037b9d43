/**
 * Days and ISO weeks of a time zone, and where they begin in Unix ms. A day is what the zone's calendar calls one:
 * 23 or 25 hours when clocks change. Runs on the collector's main thread and in the query pool; keeps the
 * hours it was asked for, at most `CACHE_MAX`.
 */
import { HOUR_MS } from '../statistics/hour-bins.js';

const DAY_MS = 86_400_000;
const CACHE_MAX = 20_000;
const DAYS_OF_WEEK = 7;
const HOURS_OF_WEEK = 168;
/** 1970-01-01 was a Thursday: so many days before it, a Monday. */
const MONDAY_SHIFT = 3;

export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Calendar {
  readonly zone: string;
  /** `2026-11-22`. */
  dateOf(timeMs: number): string;
  /** `2026-W47`. */
  weekOf(timeMs: number): string;
  dayRange(date: string): Range;
  weekRange(week: string): Range;
  /** From 0, Monday at midnight, to 167. */
  hourOfWeek(timeMs: number): number;
  /** `2026-11-22 14:00`. */
  clockOf(timeMs: number): string;
}

/** The zone this process runs in. */
export function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Whether this runtime knows a zone of that name. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** @throws {RangeError} when the zone is none. */
export function createCalendar(zone: string): Calendar {
  const offsetAt = offsetsOf(zone);
  const localOf = (timeMs: number): number => timeMs + offsetAt(timeMs);
  const dateOf = (timeMs: number): string => isoDate(localOf(timeMs));
  const startOf = (date: string): number => {
    const wanted = Date.parse(date);
    const before = wanted - offsetAt(wanted - DAY_MS);
    const after = wanted - offsetAt(wanted + DAY_MS);
    // Of two midnights the first; where midnight is skipped, the moment it is.
    const first = [before, after].sort((a, b) => a - b).find((time) => localOf(time) === wanted);
    return first ?? before;
  };
  return {
    zone,
    dateOf,
    weekOf: (timeMs) => weekOfDate(dateOf(timeMs)),
    dayRange: (date) => ({ fromMs: startOf(date), toMs: startOf(addDays(date, 1)) }),
    weekRange(week) {
      const monday = mondayOf(week);
      return { fromMs: startOf(monday), toMs: startOf(addDays(monday, DAYS_OF_WEEK)) };
    },
    hourOfWeek(timeMs) {
      const hour = Math.floor((localOf(timeMs) + MONDAY_SHIFT * DAY_MS) / HOUR_MS);
      return ((hour % HOURS_OF_WEEK) + HOURS_OF_WEEK) % HOURS_OF_WEEK;
    },
    clockOf: (timeMs) => new Date(localOf(timeMs)).toISOString().slice(0, 16).replace('T', ' '),
  };
}

/** A date of the calendar as `2026-11-22`, or undefined. */
export function parseDate(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const timeMs = Date.parse(text);
  return Number.isFinite(timeMs) && isoDate(timeMs) === text ? text : undefined;
}

/** `2026-W47` or `2026-47` as the former, or undefined: not every year has a week 53. */
export function parseWeek(text: string): string | undefined {
  const match = /^(\d{4})-W?(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const week = `${match[1]}-W${match[2]}`;
  return weekOfDate(mondayOf(week)) === week ? week : undefined;
}

export function addDays(date: string, days: number): string {
  return isoDate(Date.parse(date) + days * DAY_MS);
}

/** The week so many weeks later. */
export function addWeeks(week: string, weeks: number): string {
  return weekOfDate(addDays(mondayOf(week), weeks * DAYS_OF_WEEK));
}

/** ISO 8601: weeks begin on Monday, and belong to the year of their Thursday. */
function weekOfDate(date: string): string {
  const timeMs = Date.parse(date);
  const thursday = new Date(timeMs + (MONDAY_SHIFT - dayOfWeek(timeMs)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const days = (thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS;
  const week = 1 + Math.floor(days / DAYS_OF_WEEK);
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}

function mondayOf(week: string): string {
  const [year, number] = week.split('-W').map(Number) as [number, number];
  // The 4th of January is always in week 1.
  const fourth = Date.UTC(year, 0, 4);
  const monday = fourth - dayOfWeek(fourth) * DAY_MS;
  return isoDate(monday + (number - 1) * DAYS_OF_WEEK * DAY_MS);
}

/** 0 is Monday. */
function dayOfWeek(utcMs: number): number {
  return (Math.floor(utcMs / DAY_MS) + MONDAY_SHIFT) % DAYS_OF_WEEK;
}

function isoDate(utcMs: number): string {
  return new Date(utcMs).toISOString().slice(0, 10);
}

/** How far the zone's clock is ahead of UTC, in ms. */
function offsetsOf(zone: string): (timeMs: number) => number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const known = new Map<number, number>();
  // Zones change their offset at whole quarters of an hour.
  const quarterMs = HOUR_MS / 4;
  return (timeMs) => {
    const quarter = Math.floor(timeMs / quarterMs);
    let offset = known.get(quarter);
    if (offset === undefined) {
      const start = quarter * quarterMs;
      const part = new Map(format.formatToParts(start).map(({ type, value }) => [type, value]));
      const of = (type: Intl.DateTimeFormatPartTypes): number => Number(part.get(type));
      const local = Date.UTC(
        of('year'),
        of('month') - 1,
        of('day'),
        of('hour'),
        of('minute'),
        of('second'),
      );
      offset = local - start;
      if (known.size >= CACHE_MAX) known.clear();
      known.set(quarter, offset);
    }
    return offset;
  };
}
