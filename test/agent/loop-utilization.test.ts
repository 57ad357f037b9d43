import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createLoopUtilization } from '../../src/agent/loop-utilization.js';

const { eventLoopUtilization } = performance;

/** Of what is read before and after: a machine may stop the process in between. */
function expectBetween(least: number, value: number | undefined, most: number): void {
  expect(value).toBeGreaterThan(least - 0.005);
  expect(value).toBeLessThan(most + 0.005);
}

it('begins with the share since the loop began, not with that of the last microseconds', async () => {
  await sleep(50);
  const least = eventLoopUtilization().utilization;
  const first = createLoopUtilization()();
  expectBetween(least, first, eventLoopUtilization().utilization);
});

it('then reads the share since the last reading', async () => {
  const read = createLoopUtilization();
  const before = eventLoopUtilization();
  read();
  const after = eventLoopUtilization();
  const endMs = performance.now() + 100;
  while (performance.now() < endMs);
  await sleep(100);
  const least = eventLoopUtilization(after).utilization;
  const value = read();
  expectBetween(least, value, eventLoopUtilization(before).utilization);
});
