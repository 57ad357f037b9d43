/**
 * Notices that the main thread does not turn any more: its heartbeat (50 ms to a second, see
 * src/agent/ticker.ts) stands still while this thread's own loop goes on. Runs in the agent's worker.
 */
import { createStillTime } from '../shared/still-time.js';

/** Well above the beat of an idle thread. With a look a second it is noticed after 2 to 4 s. */
const BLOCKED_MS = 2000;
/** Of a gap between two looks: with one a second, what is longer was a stop of the whole process. */
const GAP_COUNTED_MAX_MS = 1100;

/**
 * Returns the look, to be called at each turn. `onBlocked` is called at looks during a block until it
 * has answered true; once it has, not again before the thread has turned.
 */
export function createBlockWatch(
  readBeat: () => number,
  nowMs: () => number,
  onBlocked: () => Promise<boolean>,
): () => void {
  const stillTime = createStillTime(readBeat, nowMs, GAP_COUNTED_MAX_MS);
  let isAsking = false;
  /** The beat of the block that is dealt with. */
  let doneBeat: number | undefined;

  const ask = async (beat: number): Promise<void> => {
    isAsking = true;
    if (await onBlocked()) doneBeat = beat;
    isAsking = false;
  };
  return () => {
    const { beat, stillMs } = stillTime();
    if (stillMs >= BLOCKED_MS && !isAsking && doneBeat !== beat) void ask(beat);
  };
}
