import { expect, it } from 'vitest';
import { forecastOf } from '../../src/alerts/memory-forecast.js';
import { T0 } from './make-rule.js';

const MINUTE_MS = 60_000;
/** From 20 %, one more each minute. */
const points = Array.from({ length: 40 }, (_, i) => ({
  timeMs: T0 + i * MINUTE_MS,
  value: 0.2 + i / 100,
}));
const endMs = T0 + 39 * MINUTE_MS;

it('carries steady growth on for four hours', () => {
  const forecast = forecastOf(points, endMs, 1);
  expect(forecast?.value).toBeCloseTo(59 + 240, 6);
  expect(forecast?.note).toBe('59 % now; full in about 41 min at the growth of the last hour.');
});

it('foretells nothing of what has ended, as before a deploy', () => {
  expect(forecastOf(points, endMs + 2 * MINUTE_MS, 1)).toBeDefined();
  expect(forecastOf(points, endMs + 4 * MINUTE_MS, 1)).toBeUndefined();
});

it('foretells nothing of what goes up and down', () => {
  const waves = points.map((point, i) => ({ ...point, value: 0.5 + 0.2 * Math.sin(i) }));
  expect(forecastOf(waves, endMs, 1)).toBeUndefined();
  expect(forecastOf([], endMs, 1)).toBeUndefined();
});
