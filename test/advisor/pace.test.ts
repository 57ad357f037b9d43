import { expect, it } from 'vitest';
import { createPace } from '../../src/advisor/pace.js';

function virtualClock() {
  let timeMs = 1000;
  return {
    at: () => timeMs,
    nowMs: () => timeMs,
    sleepMs: async (delayMs: number) => {
      timeMs += delayMs;
    },
  };
}

it('plans are asked for one a second, and none saved up while nothing was asked', async () => {
  const clock = virtualClock();
  const pace = createPace(1, clock);
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    await pace();
    times.push(clock.at());
  }
  expect(times).toEqual([1000, 2000, 3000]);
  await clock.sleepMs(60_000);
  await pace();
  await pace();
  expect(clock.at()).toBe(64_000);
});

it('a rate below one a second waits longer', async () => {
  const clock = virtualClock();
  const pace = createPace(0.1, clock);
  await pace();
  await pace();
  expect(clock.at()).toBe(11_000);
});
