import { describe, expect, it } from 'vitest';
import { ARMS } from '../../bench/arms.js';
import { growth, growthOf } from '../../bench/harnesses/growth.js';
import { measuredNode } from '../../bench/machine/measured-node.js';
import { planFor } from '../../bench/plan.js';

const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;
const everySecond = (lengthMs: number, bytes: (ms: number) => number) =>
  Array.from({ length: lengthMs / 1000 }, (_, i) => ({ x: (i + 1) * 1000, y: bytes(i * 1000) }));

describe('growth of memory', () => {
  it('is what it grew by in an hour, whatever the collector of garbage does in between', () => {
    const samples = everySecond(600_000, (ms) => (60 + (6 * ms) / HOUR_MS) * MIB);
    const spiked = samples.map(({ x, y }, i) => ({ x, y: i % 9 === 0 ? y + 30 * MIB : y }));
    const { slopeBytesPerHour, slopeBytesPerHourLow, slopeBytesPerHourHigh, points } = growthOf(
      spiked,
      600_000,
    );
    expect(slopeBytesPerHour / MIB).toBeCloseTo(6, 1);
    expect(slopeBytesPerHourLow).toBeLessThanOrEqual(slopeBytesPerHour);
    expect(slopeBytesPerHourHigh).toBeGreaterThanOrEqual(slopeBytesPerHour);
    expect(points).toBeLessThanOrEqual(60);
  });

  it('does not count how a heap finds its size in the first quarter, or the first five minutes', () => {
    const settling = (untilMs: number) => (ms: number) => (ms < untilMs ? ms / 1000 : 200) * MIB;
    expect(growthOf(everySecond(600_000, settling(140_000)), 600_000).slopeBytesPerHour).toBe(0);
    const hour = everySecond(HOUR_MS, settling(290_000));
    expect(growthOf(hour, HOUR_MS).slopeBytesPerHour).toBe(0);
  });

  it('is measured on a real application with hundreds of routes, each request of which is recorded', async () => {
    const args = { quick: true, rounds: undefined, workloads: undefined, harnesses: ['growth'] };
    const plan = planFor({ ...args, lengthMs: 4000 }, { hasDatabase: false });
    const lines: string[] = [];
    const node = measuredNode(undefined, () => {});
    const rows = await growth({
      ...{ plan, arms: ARMS, node, seed: 1, resources: {} },
      progress: (line) => lines.push(line),
    });
    expect(rows.map(({ arm }) => arm).sort()).toEqual(['off', 'on']);
    for (const { values } of rows) {
      expect(values.points).toBeGreaterThanOrEqual(2);
      expect(values.lastBytes).toBeGreaterThan(20 * MIB);
    }
  });
});
