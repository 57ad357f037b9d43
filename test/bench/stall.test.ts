import { describe, expect, it } from 'vitest';
import { ARMS } from '../../bench/arms.js';
import { heartbeat } from '../../bench/children/heartbeat.js';
import { stall } from '../../bench/harnesses/stall.js';
import { measuredNode } from '../../bench/machine/measured-node.js';
import { planFor } from '../../bench/plan.js';

/** How far the clock moves with each look at it. */
const LOOK_MS = 0.01;

/** A world in which others hold the thread before the turns that are named, as long as is said. */
function world(holds: Readonly<Record<number, { heldMs: number; takenMs?: number }>>) {
  let nowMs = 0;
  let waitedMs = 0;
  let turns = 0;
  return {
    nowMs: () => {
      nowMs += LOOK_MS;
      return nowMs;
    },
    openWaited: () => ({ ms: () => waitedMs, close: () => undefined }),
    next: (turn: () => void) => {
      turns += 1;
      const { heldMs = 0, takenMs = 0 } = holds[turns] ?? {};
      nowMs += heldMs;
      waitedMs += takenMs;
      queueMicrotask(turn);
    },
  };
}

describe('heartbeat', () => {
  it('finds how long others held the thread, once each', async () => {
    const gapsMs = await heartbeat(300, world({ 50: { heldMs: 40 }, 150: { heldMs: 20 } }));
    const [longest = 0, second = 0, third = 0] = [...gapsMs].reverse();
    expect(longest).toBeCloseTo(40 + LOOK_MS);
    expect(second).toBeCloseTo(20 + LOOK_MS);
    expect(third).toBeCloseTo(LOOK_MS);
  });

  it('does not count what the system took meanwhile to run something else', async () => {
    const gapsMs = await heartbeat(300, world({ 50: { heldMs: 40, takenMs: 35 } }));
    expect(gapsMs.at(-1)).toBeCloseTo(5 + LOOK_MS);
  });

  it('turns in a real thread, and says its gaps in ascending order', async () => {
    const gapsMs = await heartbeat(200);
    expect(gapsMs.length).toBeGreaterThan(0);
    expect(gapsMs.at(0)).toBeGreaterThanOrEqual(0);
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
