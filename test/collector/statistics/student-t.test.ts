import { expect, it } from 'vitest';
import { twoSidedP } from '../../../src/collector/statistics/student-t.js';

// From tables of the distribution.
it.each([
  [12.706, 1, 0.05],
  [2.228, 10, 0.05],
  [4.587, 10, 0.001],
  [1.96, 100_000, 0.05],
  [-2.576, 100_000, 0.01],
  [0, 5, 1],
])('t = %s at %s degrees of freedom has a p-value of %s', (t, freedom, p) => {
  expect(twoSidedP(t, freedom)).toBeCloseTo(p, 4);
});

it('without spread there is either no doubt or no difference', () => {
  expect(twoSidedP(Number.POSITIVE_INFINITY, 3)).toBe(0);
  expect(twoSidedP(Number.NaN, 3)).toBe(1);
  expect(twoSidedP(1, 0)).toBe(1);
});
