import { describe, expect, it } from 'vitest';
import { createStillTime } from '../../src/shared/still-time.js';

/** A heart and a clock that the test moves. */
function heart() {
  const state = { beat: 0, ms: 5000 };
  const stillTime = createStillTime(
    () => state.beat,
    () => state.ms,
    1000,
  );
  const lookAfter = (ms: number): number => {
    state.ms += ms;
    return stillTime().stillMs;
  };
  return { state, stillTime, lookAfter };
}

describe('the time for which a heart stood still', () => {
  it('grows with each look until it beats', () => {
    const { state, stillTime, lookAfter } = heart();
    expect([lookAfter(300), lookAfter(400), lookAfter(1000)]).toEqual([300, 700, 1700]);
    state.beat = 7;
    expect(stillTime()).toEqual({ beat: 7, stillMs: 0 });
    expect(lookAfter(200)).toBe(200);
  });

  it('has little of a gap in which nobody looked', () => {
    const { lookAfter } = heart();
    expect([lookAfter(3_600_000), lookAfter(100)]).toEqual([1000, 1100]);
  });
});
