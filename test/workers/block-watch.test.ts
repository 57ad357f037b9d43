import { describe, expect, it } from 'vitest';
import { createBlockWatch } from '../../src/workers/block-watch.js';

/** A watch with a clock and a heart that the test moves. */
function watch() {
  const state = { beat: 0, ms: 0, blocks: 0, isReleased: true };
  const look = createBlockWatch(
    () => state.beat,
    () => state.ms,
    async () => {
      state.blocks += 1;
      return state.isReleased;
    },
  );
  return {
    state,
    async look(afterMs: number): Promise<void> {
      state.ms += afterMs;
      look();
      // The answer comes before the next look.
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe('the watch over the main thread', () => {
  it('tells of a heart that stood still for two seconds, once', async () => {
    const { state, look } = watch();
    for (let i = 0; i < 9; i++) await look(200);
    expect(state.blocks).toBe(0);
    for (let i = 0; i < 20; i++) await look(200);
    expect(state.blocks).toBe(1);
  });

  it('tells again of the next block', async () => {
    const { state, look } = watch();
    for (let i = 0; i < 11; i++) await look(200);
    state.beat += 1;
    await look(200);
    for (let i = 0; i < 11; i++) await look(200);
    expect(state.blocks).toBe(2);
  });

  it('is silent while the heart beats, however seldom it looks', async () => {
    const { state, look } = watch();
    for (let i = 0; i < 20; i++) {
      state.beat += 1;
      await look(900);
    }
    expect(state.blocks).toBe(0);
  });

  it('does not take a stopped process or a sleeping machine for a block', async () => {
    const { state, look } = watch();
    await look(200);
    await look(3_600_000);
    state.beat += 1;
    await look(200);
    expect(state.blocks).toBe(0);
  });

  it('asks again while the thread does not heed it', async () => {
    const { state, look } = watch();
    state.isReleased = false;
    for (let i = 0; i < 15; i++) await look(200);
    expect(state.blocks).toBe(6);
    state.isReleased = true;
    for (let i = 0; i < 15; i++) await look(200);
    expect(state.blocks).toBe(7);
  });
});
