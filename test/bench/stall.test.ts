import { describe, expect, it } from 'vitest';
import { ARMS } from '../../bench/arms.js';
import { heartbeat } from '../../bench/children/heartbeat.js';
import { stall } from '../../bench/harnesses/stall.js';
import { measuredNode } from '../../bench/machine/measured-node.js';
import { planFor } from '../../bench/plan.js';
import { quantileOfSorted } from '../../bench/statistics/quantile.js';

/** Holds the thread in a wait: the system gives it to nobody else, so that none of it is subtracted. */
function hold(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('heartbeat', () => {
  it('finds how long others held the thread, once each', async () => {
    const timers = [setTimeout(hold, 50, 40), setTimeout(hold, 150, 20)];
    const gapsMs = await heartbeat(300);
    for (const timer of timers) clearTimeout(timer);
    const [longest = 0, second = 0] = [...gapsMs].reverse();
    // The timers of a test runner may add to either, never take away from it.
    expect(longest).toBeGreaterThan(39);
    expect(second).toBeGreaterThan(19);
    expect(quantileOfSorted(gapsMs, 0.5)).toBeLessThan(1);
  });

  it('finds next to nothing in a thread that nobody else holds', async () => {
    const gapsMs = await heartbeat(200);
    expect(gapsMs.length).toBeGreaterThan(100);
    expect(quantileOfSorted(gapsMs, 0.5)).toBeLessThan(0.2);
    expect([...gapsMs]).toEqual([...gapsMs].sort((a, b) => a - b));
  });
});

describe('stall harness', () => {
  it('measures arms at rest and under load, and every request is recorded', async () => {
    const args = { quick: true, rounds: 1, workloads: undefined, harnesses: ['stall'] };
    const plan = planFor({ ...args, lengthMs: undefined }, { hasDatabase: false });
    const node = measuredNode(undefined, () => {});
    const short = { ...plan, stall: { ...plan.stall, measureMs: 300, warmUpRequests: 50 } };
    const rows = await stall({
      ...{ plan: short, arms: ARMS, node, seed: 1, resources: {} },
      progress: () => {},
    });
    expect(rows).toHaveLength(2 * ARMS.length);
    for (const { values } of rows) {
      expect(values.maxMs).toBeGreaterThanOrEqual(values.p999Ms ?? Number.NaN);
      expect(values.p999Ms).toBeGreaterThan(0);
      expect(values.stallsPerMinute).toBeGreaterThanOrEqual(0);
    }
  });
});
