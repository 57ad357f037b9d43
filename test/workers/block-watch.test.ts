import { describe, expect, it } from 'vitest';
import { createBlockWatch } from '../../src/workers/block-watch.js';

/** A watch with a clock and a heart that the test moves. */
function watch() {
  const state = { beat: 0, ms: 0, blocks: 0 };
  const look = createBlockWatch(
    () => state.beat,
    () => state.ms,
    () => {
      state.blocks += 1;
    },
  );
  return {
    state,
    look(afterMs: number): void {
      state.ms += afterMs;
      look();
    },
  };
}

describe('the watch over the main thread', () => {
  it('tells of a heart that stood still for two seconds, once', () => {
    const { state, look } = watch();
    for (let i = 0; i < 9; i++) look(200);
    expect(state.blocks).toBe(0);
    for (let i = 0; i < 20; i++) look(200);
    expect(state.blocks).toBe(1);
  });

  it('tells again of the next block', () => {
    const { state, look } = watch();
    for (let i = 0; i < 11; i++) look(200);
    state.beat += 1;
    look(200);
    for (let i = 0; i < 11; i++) look(200);
    expect(state.blocks).toBe(2);
  });

  it('is silent while the heart beats, however seldom it looks', () => {
    const { state, look } = watch();
    for (let i = 0; i < 20; i++) {
      state.beat += 1;
      look(900);
    }
    expect(state.blocks).toBe(0);
  });

  it('does not take a stopped process or a sleeping machine for a block', () => {
    const { state, look } = watch();
    look(200);
    look(3_600_000);
    state.beat += 1;
    look(200);
    expect(state.blocks).toBe(0);
  });
});
