import { expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/collector/statistics/hour-bins.js';
import { placeSplit } from '../../../src/collector/statistics/place-split.js';
import { createRandom } from '../../../src/collector/statistics/random.js';
import { normal } from './simulated-traffic.js';

/** A step of 0.1 at hour 60, under noise of 0.02. */
function series(incidents: Readonly<Record<number, number>> = {}) {
  const random = createRandom(3);
  return Array.from({ length: 120 }, (_, hour) => ({
    timeMs: hour * HOUR_MS,
    value: (hour < 60 ? 0 : 0.1) + 0.02 * normal(random) + (incidents[hour] ?? 0),
    variance: 0.0002,
  }));
}

it('a split goes to where the level steps, from a day before or after it', () => {
  for (const seen of [36, 55, 60, 66, 84]) expect(placeSplit(series(), 0, 120, seen)).toBe(60);
});

it('an incident beside the step is not taken for its beginning', () => {
  const points = series({ 50: 0.9, 51: 0.4, 71: -0.5 });
  for (const seen of [50, 60, 72]) expect(placeSplit(points, 0, 120, seen)).toBe(60);
});

it('a split stays where its segment is too short to move it', () => {
  expect(placeSplit(series(), 55, 66, 61)).toBe(61);
});
