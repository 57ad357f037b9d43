import { describe, expect, it } from 'vitest';
import { AGENT_CPU_TIME, AGENT_CPU_UTILIZATION } from '../../src/shared/metrics.js';
import { createSelfCost } from '../../src/workers/self-cost.js';
import { Window, type WindowContents } from '../../src/workers/window.js';

const SAMPLE_INTERVAL_MS = 5000;
const START_MS = 4;

/** Work of this thread, whose own CPU time is what is read. */
function work(): number {
  let sum = 0;
  for (let i = 0; i < 3e7; i++) sum += Math.sqrt(i);
  return sum;
}

const seconds = ({ counters }: WindowContents): number =>
  (counters.find(({ series }) => series.name === AGENT_CPU_TIME.name)?.value ?? 0) /
  AGENT_CPU_TIME.scale;
const shares = ({ gauges }: WindowContents): { count: number; sum: number } | undefined =>
  gauges.find(({ series }) => series.name === AGENT_CPU_UTILIZATION.name);

describe('the share of a core that the worker takes', () => {
  it('has the work of the start, over the time to the second sample and not over the start alone', () => {
    let nowMs = 1000;
    const window = new Window({ digits: 2, seriesMax: 10 });
    const cost = createSelfCost(window, () => nowMs);
    expect(work()).toBeGreaterThan(0);
    nowMs += START_MS;
    cost.sample();
    const start = window.contents();
    expect(seconds(start)).toBeGreaterThan(0);
    expect(shares(start)).toBeUndefined();

    nowMs += SAMPLE_INTERVAL_MS;
    cost.sample();
    const first = window.contents();
    const { count, sum } = shares(first)!;
    expect(count).toBe(1);
    const wanted = (seconds(first) * 1000) / (START_MS + SAMPLE_INTERVAL_MS);
    expect(sum / AGENT_CPU_UTILIZATION.scale).toBeCloseTo(wanted, 4);
  });

  it('is of the time since the last sample from then on', () => {
    let nowMs = 1000;
    const window = new Window({ digits: 2, seriesMax: 10 });
    const cost = createSelfCost(window, () => nowMs);
    for (let i = 0; i < 2; i++) {
      nowMs += SAMPLE_INTERVAL_MS;
      cost.sample();
    }
    window.reset();
    expect(work()).toBeGreaterThan(0);
    nowMs += SAMPLE_INTERVAL_MS;
    cost.sample();
    const next = window.contents();
    const { sum } = shares(next)!;
    expect(sum / AGENT_CPU_UTILIZATION.scale).toBeCloseTo(
      (seconds(next) * 1000) / SAMPLE_INTERVAL_MS,
      4,
    );
  });
});
