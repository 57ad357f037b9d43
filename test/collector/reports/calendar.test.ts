import { describe, expect, it } from 'vitest';
import {
  addWeeks,
  createCalendar,
  isZone,
  parseDate,
  parseWeek,
} from '../../../src/collector/reports/calendar.js';

const HOUR_MS = 3_600_000;
const at = (text: string): number => Date.parse(text);

describe('ISO weeks', () => {
  const { weekOf, weekRange } = createCalendar('UTC');

  it.each([
    ['2026-11-22', '2026-W47'],
    ['2026-11-23', '2026-W48'],
    ['2025-12-29', '2026-W01'],
    ['2026-12-31', '2026-W53'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2024-12-30', '2025-W01'],
    ['2021-01-01', '2020-W53'],
  ])('%s is in %s', (date, week) => {
    expect(weekOf(at(date))).toBe(week);
    const { fromMs, toMs } = weekRange(week);
    expect(at(date)).toBeGreaterThanOrEqual(fromMs);
    expect(at(date)).toBeLessThan(toMs);
    expect(new Date(fromMs).getUTCDay()).toBe(1);
  });

  it('are counted across the end of a year', () => {
    expect(addWeeks('2026-W53', 1)).toBe('2027-W01');
    expect(addWeeks('2026-W02', -4)).toBe('2025-W50');
  });

  it('are read in both forms, and refused when there are none', () => {
    expect(parseWeek('2026-W47')).toBe('2026-W47');
    expect(parseWeek('2026-47')).toBe('2026-W47');
    expect(parseWeek('2026-W53')).toBe('2026-W53');
    for (const text of ['2025-W53', '2026-W00', '2026-W54', '2026-W7', 'W47', '2026W47x', '']) {
      expect(parseWeek(text)).toBeUndefined();
    }
  });
});

describe('days', () => {
  it('are those of the zone', () => {
    const { dateOf, dayRange } = createCalendar('Asia/Kolkata');
    expect(dateOf(at('2026-11-22T18:29:59Z'))).toBe('2026-11-22');
    expect(dateOf(at('2026-11-22T18:30:00Z'))).toBe('2026-11-23');
    expect(dayRange('2026-11-23').fromMs).toBe(at('2026-11-22T18:30:00Z'));
  });

  it('have 23 or 25 hours when clocks change, and weeks an hour less or more', () => {
    const { dayRange, weekRange } = createCalendar('Europe/Berlin');
    const hours = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => (toMs - fromMs) / HOUR_MS;
    expect(hours(dayRange('2026-03-29'))).toBe(23);
    expect(hours(dayRange('2026-10-25'))).toBe(25);
    expect(hours(dayRange('2026-11-22'))).toBe(24);
    expect(hours(weekRange('2026-W13'))).toBe(167);
    expect(hours(weekRange('2026-W43'))).toBe(169);
  });

  it('begin where midnight is skipped', () => {
    // Beirut went from 23:59:59 to 01:00:00.
    const { dayRange } = createCalendar('Asia/Beirut');
    expect(dayRange('2021-03-28').fromMs).toBe(at('2021-03-27T22:00:00Z'));
    expect(dayRange('2021-03-27').toMs).toBe(at('2021-03-27T22:00:00Z'));
  });

  it('are read, and refused when the calendar has none such', () => {
    expect(parseDate('2028-02-29')).toBe('2028-02-29');
    for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', 'today', '']) {
      expect(parseDate(text)).toBeUndefined();
    }
  });
});

it('an hour of the week is that of the clock on the wall', () => {
  const { hourOfWeek } = createCalendar('Europe/Berlin');
  expect(hourOfWeek(at('2026-11-22T23:00:00Z'))).toBe(0);
  expect(hourOfWeek(at('2026-11-22T22:59:59Z'))).toBe(167);
  // Monday at nine, in summer and in winter.
  expect(hourOfWeek(at('2026-07-06T07:00:00Z'))).toBe(9);
  expect(hourOfWeek(at('2026-12-07T08:00:00Z'))).toBe(9);
});

it('a zone is known or not', () => {
  expect(isZone('Europe/Berlin')).toBe(true);
  expect(isZone('Mars/Olympus')).toBe(false);
});
