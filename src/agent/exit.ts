/**
 * The end of the process: what was recorded is delivered or in the spool before it is gone. Main
 * thread. Waits at most the exit timeout, and not at all when the worker is not up.
 *
 * Nor within a script of node:vm that may be ended from outside: its end would end the wait, and with it
 * `process.exit` itself, so that an application that had ended would live on. The worker is told, and saves what
 * it can; the rest costs what was recorded since the last checkpoint.
 */
import {
  controlWords,
  FLUSH_DONE,
  FLUSH_REQUEST,
  READY,
  SCRIPT_ENDS,
  SESSIONS_OPEN,
} from '../shared/control-layout.js';
import type { ToWorker } from '../shared/worker-protocol.js';
import { guardedCall, type Warn } from './guarded.js';

/**
 * The worker closes its inspector sessions first, in well under a ms. While one is open the runtime does
 * not end without a line on stderr, so this is waited for whatever the exit timeout.
 */
const SESSIONS_WAIT_MS = 50;
/** Of the exit timeout. The rest is for ending the worker's thread, which took up to 71 ms of 500 in 512 ends. */
const WAIT_SHARE = 0.8;

/** Flushes at the end of the process. Returns what flushes now, for ends that come otherwise. */
export function flushAtExit(
  control: SharedArrayBuffer,
  timeoutMs: number,
  post: (message: ToWorker) => void,
  warn: Warn,
): () => void {
  const words = controlWords(control);
  const waitMs = timeoutMs * WAIT_SHARE;
  const flush = guardedCall('exit', warn, () => {
    if (Atomics.load(words, READY) === 0) return;
    if (Atomics.exchange(words, FLUSH_REQUEST, 1) === 1) return;
    post({ type: 'flush', timeoutMs: waitMs });
    // No session is open then, either (./script-ends.ts).
    if (Atomics.load(words, SCRIPT_ENDS) > 0) return;
    Atomics.wait(words, FLUSH_DONE, 0, waitMs);
    const open = Atomics.load(words, SESSIONS_OPEN);
    if (open > 0) Atomics.wait(words, SESSIONS_OPEN, open, SESSIONS_WAIT_MS);
  });
  process.on('exit', flush);
  return flush;
}
