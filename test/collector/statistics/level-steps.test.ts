import { expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/collector/statistics/hour-bins.js';
import { levelSteps } from '../../../src/collector/statistics/level-steps.js';
import { createRandom } from '../../../src/collector/statistics/random.js';
import { HOURS_OF_WEEK, hourOfWeekUtc, MONDAY_MS, simulate } from './simulated-traffic.js';

const AT = HOURS_OF_WEEK + 24 * 2 + 11;
const border = MONDAY_MS + HOURS_OF_WEEK * HOUR_MS;
const stepsOf = (factorAt: (hour: number) => number) =>
  levelSteps(
    simulate(
      { hours: 2 * HOURS_OF_WEEK, requestsPerDay: 10_000, factorAt },
      createRandom(5, 'traffic'),
    ),
    hourOfWeekUtc,
    { fromMs: MONDAY_MS, baseToMs: border },
  ).map(({ timeMs, shift }) => ({ hour: (timeMs - MONDAY_MS) / HOUR_MS, shift }));

it('a week whose days and load go up and down has no steps', () => {
  expect(stepsOf(() => 1)).toEqual([]);
});

it('what is planted is found in its hour, with its size', () => {
  const [step, ...others] = stepsOf((hour) => (hour < AT ? 1 : 1.3));
  expect(others).toEqual([]);
  expect(Math.abs(step!.hour - AT)).toBeLessThanOrEqual(1);
  expect(Math.exp(step!.shift)).toBeCloseTo(1.3, 1);
});

it('a regression and its fix are two steps', () => {
  const steps = stepsOf((hour) => (hour < AT || hour >= AT + 50 ? 1 : 1.4));
  expect(steps.map(({ shift }) => Math.sign(shift))).toEqual([1, -1]);
  expect(Math.abs(steps[1]!.hour - AT - 50)).toBeLessThanOrEqual(1);
});
