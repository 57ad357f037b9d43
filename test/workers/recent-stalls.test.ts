import { describe, expect, it } from 'vitest';
import type { Capture } from '../../src/workers/capture-stack.js';
import { type RecentStall, RecentStalls } from '../../src/workers/recent-stalls.js';

const PLACE = { function: 'work', file: 'app.js', line: 3, column: 1, stack: '' };
const SITE = { function: 'work', file: 'app.js', line: 3, isApproximate: false };
const CAUGHT: Capture = { state: 'caught', place: PLACE, isApproximate: false };

const stall = (startedMs: number, durationMs?: number, capture?: Capture): RecentStall => ({
  beat: startedMs,
  startedMs,
  durationMs,
  capture,
});

function recent(...stalls: RecentStall[]): RecentStalls {
  const all = new RecentStalls(() => 5000);
  for (const each of stalls) all.add(each);
  return all;
}

describe('recent stalls', () => {
  it('are told of a time as far as they fell in it', () => {
    const stalls = recent(stall(0, 100), stall(900, 200, CAUGHT), stall(1500, 300), stall(2500, 9));
    expect(stalls.within(1000, 1600)).toEqual([
      { startUs: 0, durationUs: 100_000, place: SITE },
      { startUs: 500_000, durationUs: 100_000, place: undefined },
    ]);
    expect(stalls.within(100, 900)).toEqual([]);
  });

  it('that go on are as long as they have been', () => {
    const stalls = recent(stall(4000));
    expect(stalls.within(3000, 9000)).toMatchObject([{ startUs: 1e6, durationUs: 1e6 }]);
    expect(stalls.within(3000, 4500)).toMatchObject([{ startUs: 1e6, durationUs: 500_000 }]);
  });

  it('are told with what is known meanwhile', () => {
    const open = { ...stall(1000), durationMs: undefined as number | undefined };
    const stalls = recent(open);
    open.durationMs = 250;
    expect(stalls.within(0, 9000)).toMatchObject([{ durationUs: 250_000 }]);
  });

  it('are none while an inspector is open, nor when they were dropped', () => {
    const dropped = stall(1000, 100);
    const stalls = recent(stall(0, 100, { state: 'inspected' }), dropped);
    stalls.drop(dropped);
    expect(stalls.within(0, 9000)).toEqual([]);
  });

  it('are the hundred newest', () => {
    const stalls = recent(...Array.from({ length: 150 }, (_, i) => stall(i * 10, 5)));
    const told = stalls.within(0, 9000);
    expect(told).toHaveLength(100);
    expect(told[0]?.startUs).toBe(500_000);
  });
});
