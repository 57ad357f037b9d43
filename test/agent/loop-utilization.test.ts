import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createLoopUtilization } from '../../src/agent/loop-utilization.js';

it('begins with the share since the loop began, not with that of the last microseconds', async () => {
  await sleep(50);
  const first = createLoopUtilization()();
  expect(first).toBeCloseTo(performance.eventLoopUtilization().utilization, 2);
});

it('then reads the share since the last reading', async () => {
  const read = createLoopUtilization();
  const before = performance.eventLoopUtilization();
  read();
  const endMs = performance.now() + 100;
  while (performance.now() < endMs);
  await sleep(100);
  expect(read()).toBeCloseTo(performance.eventLoopUtilization(before).utilization, 2);
});
