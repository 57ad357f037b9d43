import { expect, it } from 'vitest';
import { HOUR_MS, type HourBins } from '../../../src/collector/statistics/hour-bins.js';
import { pairHours } from '../../../src/collector/statistics/pairing.js';
import { hourOfWeekUtc, MONDAY_MS } from './simulated-traffic.js';

function hours(from: number, to: number, count = 10): HourBins[] {
  return Array.from({ length: to - from }, (_, index) => ({
    timeMs: MONDAY_MS + (from + index) * HOUR_MS,
    count,
    sum: count * (from + index),
    slots: Uint32Array.of(from + index),
    counts: Float64Array.of(count),
  }));
}

it('pairs the same hours of two weeks', () => {
  const { by, pairs, covered } = pairHours(hours(0, 168), hours(168, 336), hourOfWeekUtc);
  expect(by).toBe('hour of week');
  expect(covered).toBe(1);
  expect(pairs).toHaveLength(168);
  for (const { before, after } of pairs) expect(after.slots[0]! - before.slots[0]!).toBe(168);
});

it('merges four weeks into one side of a pair, and counts no hour twice', () => {
  const { pairs } = pairHours(hours(0, 4 * 168), hours(672, 840), hourOfWeekUtc);
  expect(pairs).toHaveLength(168);
  expect(pairs.every(({ before, after }) => before.count === 40 && after.count === 10)).toBe(true);
});

it('pairs by the hour of the day where the periods are other days', () => {
  const { by, pairs, covered } = pairHours(hours(0, 48), hours(48, 120), hourOfWeekUtc);
  expect(by).toBe('hour of day');
  expect(pairs).toHaveLength(48);
  expect(covered).toBe(1);
});

it('leaves out what has no counterpart, and says so', () => {
  const { pairs, covered } = pairHours(hours(8, 12), hours(34, 38), hourOfWeekUtc);
  expect(pairs).toHaveLength(2);
  expect(covered).toBe(0.5);
});
