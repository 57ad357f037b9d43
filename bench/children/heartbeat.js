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
 * @typedef {object} Surroundings What the loop sees of the world.
 * @property {() => number} nowMs
 * @property {() => { ms(): number, close(): void }} openWaited Time the thread could have run and did not.
 * @property {(turn: () => void) => void} next Runs the next turn when the event loop comes round.
 */

/** @type {Surroundings} */
const REAL = { nowMs: () => performance.now(), openWaited, next: (turn) => setImmediate(turn) };

/**
 * Bounds: one number a turn, at most durationMs / HOLD_MS of them.
 *
 * @param {number} durationMs
 * @param {Surroundings} surroundings
 * @returns {Promise<Float64Array>} Gaps in ms, ascending.
 */
export async function heartbeat(durationMs, { nowMs, openWaited: open, next } = REAL) {
  const gapsMs = new Float64Array(Math.ceil(durationMs / HOLD_MS));
  const waited = open();
  let count = 0;
  let waitedMs = waited.ms();
  let heldUntilMs = nowMs();
  const endMs = heldUntilMs + durationMs;
  await new Promise((resolve) => {
    const turn = () => {
      const startMs = nowMs();
      const gapMs = startMs - heldUntilMs;
      const takenMs = gapMs < DOUBTFUL_MS_MIN ? 0 : waited.ms() - waitedMs;
      gapsMs[count++] = Math.max(0, gapMs - takenMs);
      while (nowMs() - startMs < HOLD_MS);
      waitedMs = waited.ms();
      heldUntilMs = nowMs();
      if (heldUntilMs < endMs && count < gapsMs.length) next(turn);
      else resolve(undefined);
    };
    next(turn);
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
