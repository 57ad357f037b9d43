/**
 * Notices that the main thread does not turn any more: its heartbeat (50 ms to a second, see
 * src/agent/ticker.ts) stands still while this thread's own loop goes on. Runs in the agent's worker.
 */

/** Well above the beat of an idle thread, and short enough for someone who pressed Ctrl-C. */
const BLOCKED_MS = 2000;
/** Counted of a gap between two looks: a stopped process or a sleeping machine blocks nobody. */
const GAP_COUNTED_MAX_MS = 1100;

/** Returns the look, to be called at each turn; `onBlocked` is called once a block. */
export function createBlockWatch(
  readBeat: () => number,
  nowMs: () => number,
  onBlocked: () => void,
): () => void {
  let lastBeat = readBeat();
  let lastMs = nowMs();
  let stillMs = 0;
  let isTold = false;
  return () => {
    const beat = readBeat();
    const lookMs = nowMs();
    if (beat === lastBeat) {
      stillMs += Math.min(lookMs - lastMs, GAP_COUNTED_MAX_MS);
    } else {
      stillMs = 0;
      isTold = false;
    }
    lastBeat = beat;
    lastMs = lookMs;
    if (stillMs < BLOCKED_MS || isTold) return;
    isTold = true;
    onBlocked();
  };
}
