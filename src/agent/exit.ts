/**
 * The end of the process: what was recorded is delivered or in the spool before it is gone. Main
 * thread. Waits at most the exit timeout, and not at all when the worker is not up.
 */
import { controlWords, FLUSH_DONE, FLUSH_REQUEST, READY } from '../shared/control-layout.js';
import type { ToWorker } from '../shared/worker-protocol.js';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Flushes at exit, and at signals that the application leaves to their default. */
export function flushAtExit(
  control: SharedArrayBuffer,
  timeoutMs: number,
  post: (message: ToWorker) => void,
): void {
  const words = controlWords(control);
  const flush = (): void => {
    if (Atomics.load(words, READY) === 0) return;
    if (Atomics.exchange(words, FLUSH_REQUEST, 1) === 1) return;
    post({ type: 'flush', timeoutMs });
    Atomics.wait(words, FLUSH_DONE, 0, timeoutMs);
  };
  process.on('exit', flush);

  for (const signal of SIGNALS) flushAtSignal(signal, flush);
}

/**
 * Our listener is there only while the application has none of its own: libraries that end the
 * process at a signal (signal-exit) look whether they are alone with it.
 */
function flushAtSignal(signal: NodeJS.Signals, flush: () => void): void {
  const onSignal = (): void => {
    if (process.listenerCount(signal) > 1) return;
    flush();
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  };
  process.on('newListener', (event, listener) => {
    if (event !== signal || listener === onSignal) return;
    // After theirs is in place: the runtime stops watching a signal when its last listener goes.
    process.nextTick(() => process.off(signal, onSignal));
  });
  process.on('removeListener', (event, listener) => {
    if (event !== signal || listener === onSignal) return;
    if (process.listenerCount(signal) === 0) process.on(signal, onSignal);
  });
  process.on(signal, onSignal);
}
