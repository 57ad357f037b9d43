import { expect, it } from 'vitest';
import { trendOf } from '../../../src/collector/statistics/trend.js';

it('is the slope that most pairs agree on, whatever one outlier says', () => {
  const points = Array.from({ length: 14 }, (_, day) => ({ x: day, y: 10 + 2 * day }));
  points[7] = { x: 7, y: 1000 };
  const trend = trendOf(points)!;
  expect(trend.slope).toBeCloseTo(2, 6);
  expect(trend.low).toBeGreaterThan(0);
});

it('includes none where there is none, and is not told of too few points', () => {
  const flat = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3].map((y, x) => ({ x, y }));
  const trend = trendOf(flat)!;
  expect(trend.low).toBeLessThan(0);
  expect(trend.high).toBeGreaterThan(0);
  expect(trendOf(flat.slice(0, 4))).toBeUndefined();
});
