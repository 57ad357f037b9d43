/**
 * The end of the process: what was recorded is delivered or in the spool before it is gone. Main
 * thread. Waits at most the exit timeout, and not at all when the worker is not up.
 */
import { controlWords, FLUSH_DONE, FLUSH_REQUEST, READY } from '../shared/control-layout.js';
import type { ToWorker } from '../shared/worker-protocol.js';
import { guardedCall, type Warn } from './guarded.js';

/** Flushes at the end of the process. Returns what flushes now, for ends that come otherwise. */
export function flushAtExit(
  control: SharedArrayBuffer,
  timeoutMs: number,
  post: (message: ToWorker) => void,
  warn: Warn,
): () => void {
  const words = controlWords(control);
  const flush = guardedCall('exit', warn, () => {
    if (Atomics.load(words, READY) === 0) return;
    if (Atomics.exchange(words, FLUSH_REQUEST, 1) === 1) return;
    post({ type: 'flush', timeoutMs });
    Atomics.wait(words, FLUSH_DONE, 0, timeoutMs);
  });
  process.on('exit', flush);
  return flush;
}
