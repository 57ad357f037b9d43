/**
 * A loop that never sleeps and notes how long others held the thread between two of its turns: timers, messages,
 * garbage collection. What the system took meanwhile to run something else is not theirs and is subtracted (schedstat
 * counts it). The loop holds the thread for HOLD_MS a turn, so that most of what the system takes falls into a turn.
 */
import { closeSync, openSync, readSync } from 'node:fs';

const HOLD_MS = 0.2;
/** Shorter gaps are not worth a look at what the system took. */
const DOUBTFUL_MS_MIN = 0.3;

/**
 * Bounds: one number a turn, at most durationMs / HOLD_MS of them.
 *
 * @param {number} durationMs
 * @returns {Promise<Float64Array>} Gaps in ms, ascending.
 */
export async function heartbeat(durationMs) {
  const gapsMs = new Float64Array(Math.ceil(durationMs / HOLD_MS));
  const waited = openWaited();
  let count = 0;
  let waitedMs = waited.ms();
  let heldUntilMs = performance.now();
  const endMs = heldUntilMs + durationMs;
  await new Promise((resolve) => {
    const turn = () => {
      const startMs = performance.now();
      const gapMs = startMs - heldUntilMs;
      const takenMs = gapMs < DOUBTFUL_MS_MIN ? 0 : waited.ms() - waitedMs;
      gapsMs[count++] = Math.max(0, gapMs - takenMs);
      while (performance.now() - startMs < HOLD_MS);
      waitedMs = waited.ms();
      heldUntilMs = performance.now();
      if (heldUntilMs < endMs && count < gapsMs.length) setImmediate(turn);
      else resolve(undefined);
    };
    setImmediate(turn);
  });
  waited.close();
  return gapsMs.subarray(0, count).sort();
}

/** How long this thread, the main one, could have run and did not: the second number of its schedstat. */
function openWaited() {
  const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  const buffer = Buffer.alloc(100);
  return {
    ms() {
      const text = buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0));
      return Number(text.split(' ', 2)[1]) / 1e6;
    },
    close: () => closeSync(file),
  };
}
