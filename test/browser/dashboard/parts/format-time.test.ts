import { expect, it } from 'vitest';
import {
  formatClock,
  formatTick,
  formatTime,
} from '../../../../src/browser/dashboard/parts/format-time.js';

const TIME = new Date(2026, 10, 23, 9, 5, 7).getTime();
const DAY_MS = 86_400_000;

it('is the clock of the reader’s own zone, with the day where that is asked for', () => {
  expect(formatClock(TIME)).toBe('09:05:07');
  expect(formatTime(TIME)).toBe('23 Nov 09:05:07');
});

it('of an axis is the time up to two days, and the day beyond', () => {
  expect(formatTick(TIME, 2 * DAY_MS)).toBe('09:05');
  expect(formatTick(TIME, 2 * DAY_MS + 1)).toBe('23 Nov');
});

it.each([null, undefined, Number.NaN, 9e15])('that is none is a dash: %s', (timeMs) => {
  expect(formatClock(timeMs)).toBe('—');
  expect(formatTime(timeMs)).toBe('—');
});
