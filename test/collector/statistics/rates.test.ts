/** A slice of `npm run check:statistics`, by seed: what it finds is the same each time. */
import { describe, expect, it } from 'vitest';
import { distanceOfChangePoint, sharesOf, verdictOfWeek } from './trials.js';

const seeds = (count: number): number[] => Array.from({ length: count }, (_, index) => 40 + index);

describe('the verdict on a simulated week', () => {
  it('is no change where nothing changed', () => {
    const { slower, faster } = sharesOf(seeds(25).map((seed) => verdictOfWeek(seed, 1, 3000)));
    expect(slower + faster).toBeLessThanOrEqual(0.05);
  });

  it('is "slower" where everything takes a tenth more', () => {
    const { slower } = sharesOf(seeds(10).map((seed) => verdictOfWeek(seed, 1.1)));
    expect(slower).toBeGreaterThanOrEqual(0.8);
  });

  it('is "faster" where everything takes a fifth less, and the same for the same seed', () => {
    const verdicts = seeds(4).map((seed) => verdictOfWeek(seed, 0.8));
    expect(verdicts).toEqual(['faster', 'faster', 'faster', 'faster']);
    expect(verdictOfWeek(40, 0.8)).toBe(verdicts[0]);
  });
});

it('a step of a half is placed within two hours', () => {
  const distances = seeds(10).map((seed) => distanceOfChangePoint(seed, 1.5));
  const near = distances.filter((hours) => hours !== undefined && hours <= 2);
  expect(near.length).toBeGreaterThanOrEqual(9);
});

it('a step of a tenth is placed within two hours nearly always', () => {
  const distances = seeds(20).map((seed) => distanceOfChangePoint(seed, 1.1));
  const near = distances.filter((hours) => hours !== undefined && hours <= 2);
  expect(near.length).toBeGreaterThanOrEqual(16);
});
