import { describe, expect, it } from 'vitest';
import type { Capture } from '../../src/workers/capture-stack.js';
import { RecentStalls } from '../../src/workers/recent-stalls.js';
import { StallLog } from '../../src/workers/stall-log.js';

const PLACE = {
  function: 'work',
  file: 'app.js',
  line: 3,
  column: 1,
  stack: 'at work (app.js:3:1)',
};
const CAUGHT: Capture = { state: 'caught', place: PLACE, isApproximate: false };

/** A log with clocks that the test moves, and answers that it chooses. */
function log(answer: Capture | undefined = CAUGHT) {
  const state = { nowMs: 0, gcUs: 0, captures: 0, inspected: 0 };
  const recent = new RecentStalls(() => state.nowMs);
  const stalls = new StallLog({
    recent,
    capture: () => {
      state.captures += 1;
      return answer === undefined ? new Promise(() => undefined) : Promise.resolve(answer);
    },
    readGcUs: () => state.gcUs,
    nowMs: () => state.nowMs,
    wallMs: () => 1_000_000 + state.nowMs,
    onInspected: () => {
      state.inspected += 1;
    },
  });
  /** A block that is noticed after 100 ms and is over after `durationMs`. */
  const block = async (beat: number, durationMs: number): Promise<void> => {
    state.nowMs += 100;
    stalls.onBegin(beat, 100);
    await Promise.resolve();
    await Promise.resolve();
    state.nowMs += durationMs - 100;
    stalls.onEnd(beat, durationMs);
    stalls.takeNews();
  };
  return { stalls, state, block, recent };
}

/** Attributes by the ends of their names. */
function read(stalls: StallLog): Record<string, string>[] {
  return stalls
    .events()
    .map(({ attributes }) =>
      Object.fromEntries(
        attributes.map(([name, value]) => [name.replace('nodejs.eventloop.stall.', ''), value]),
      ),
    );
}

describe('the log of stalls', () => {
  it('tells of a block with its place and its duration, once', async () => {
    const { stalls, block } = log();
    await block(5, 400);
    expect(read(stalls)).toEqual([
      {
        'code.column.number': '1',
        'code.file.path': 'app.js',
        'code.function.name': 'work',
        'code.line.number': '3',
        'code.stacktrace': PLACE.stack,
        duration: '0.400',
        id: '5',
        state: 'ended',
      },
    ]);
    expect(stalls.events()[0]).toMatchObject({ name: 'nodejs.eventloop.stall', timeMs: 1_000_400 });
    stalls.reset();
    expect(stalls.events()).toEqual([]);
  });

  it('tells in each window of a block that goes on, and then of its end, under one id', async () => {
    const { stalls, state } = log();
    state.nowMs = 100;
    stalls.onBegin(5, 100);
    await Promise.resolve();
    await Promise.resolve();
    expect(stalls.takeNews()).toBe(1);
    state.nowMs = 4000;
    expect(read(stalls)).toMatchObject([{ id: '5', duration: '4.000', state: 'ongoing' }]);
    stalls.reset();
    state.nowMs = 9000;
    expect(read(stalls)).toMatchObject([{ id: '5', duration: '9.000', state: 'ongoing' }]);
    stalls.onEnd(5, 9500);
    expect(stalls.takeNews()).toBe(1);
    expect(read(stalls)).toMatchObject([{ id: '5', duration: '9.500', state: 'ended' }]);
  });

  it('looks into six blocks a minute, and counts the others', async () => {
    const { stalls, state, block } = log();
    for (let beat = 0; beat < 10; beat++) await block(beat, 1000 + beat);
    expect(state.captures).toBe(6);
    expect(read(stalls)).toHaveLength(7);
    expect(read(stalls).at(-1)).toEqual({
      count: '4',
      duration: '4.030',
      'duration.max': '1.009',
      state: 'ended',
    });
    state.nowMs += 60_000;
    await block(10, 1000);
    expect(state.captures).toBe(7);
  });

  it('remembers blocks beyond their window, with their places and without, but not those that were none', async () => {
    const { stalls, state, block, recent } = log();
    await block(5, 400);
    stalls.reset();
    expect(recent.within(-1000, 9000)).toEqual([
      {
        startUs: 1_000_000,
        durationUs: 400_000,
        place: { function: 'work', file: 'app.js', line: 3, isApproximate: false },
      },
    ]);
    for (let beat = 10; beat < 20; beat++) await block(beat, 1000);
    expect(recent.within(-1000, 90_000)).toHaveLength(11);
    state.nowMs = 50_000;
    stalls.onBegin(30, 100);
    expect(recent.within(49_000, 90_000)).toHaveLength(1);
    stalls.onEnd(30, undefined);
    expect(recent.within(49_000, 90_000)).toEqual([]);
  });

  it('counts a block of which no place was found, and one that was over before it looked', async () => {
    const { stalls, block } = log({ state: 'missed' });
    await block(5, 400);
    stalls.onMissed(200);
    expect(read(stalls)).toMatchObject([
      { count: '2', duration: '0.600', 'duration.max': '0.400' },
    ]);
  });

  it('tells of a native call that goes on before it knows where', () => {
    const { stalls, state } = log(undefined);
    stalls.onBegin(5, 100);
    state.nowMs = 5000;
    expect(read(stalls)).toEqual([{ id: '5', duration: '5.100', state: 'ongoing' }]);
  });

  it('says how much of a block was garbage collection, and marks a place that is approximate', async () => {
    const { stalls, state } = log({ ...CAUGHT, isApproximate: true });
    state.gcUs = 9_000_000;
    stalls.onBegin(5, 100);
    await Promise.resolve();
    await Promise.resolve();
    stalls.onEnd(5, 400);
    // The runtime tells of it after the block.
    state.gcUs += 350_000;
    stalls.takeNews();
    state.gcUs += 20_000;
    expect(read(stalls)).toMatchObject([{ 'gc.duration': '0.350', approximate: 'true' }]);
  });

  it('says nothing while an inspector is open but that it does not', async () => {
    const { stalls, state } = log({ state: 'inspected' });
    stalls.onBegin(5, 100);
    await Promise.resolve();
    await Promise.resolve();
    expect(stalls.events()).toEqual([]);
    expect(state.inspected).toBe(1);
    stalls.onEnd(5, undefined);
    expect(stalls.events()).toEqual([]);
  });
});
