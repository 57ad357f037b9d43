/**
 * How long a heartbeat has stood still, by looks at it: the main thread watches the agent's worker so, and
 * the worker the main thread. Pure.
 */

export interface Stillness {
  readonly beat: number;
  /** Since the look that first saw this beat. */
  readonly stillMs: number;
}

/**
 * Returns the look. Of a gap between two looks, at most `gapCountedMaxMs` count: when the whole process was
 * stopped, or its machine asleep, who looks first must not take the other thread for dead.
 */
export function createStillTime(
  readBeat: () => number,
  nowMs: () => number,
  gapCountedMaxMs: number,
): () => Stillness {
  let lastBeat = readBeat();
  let lastMs = nowMs();
  let stillMs = 0;
  return () => {
    const beat = readBeat();
    const lookMs = nowMs();
    stillMs = beat === lastBeat ? stillMs + Math.min(lookMs - lastMs, gapCountedMaxMs) : 0;
    lastBeat = beat;
    lastMs = lookMs;
    return { beat, stillMs };
  };
}
