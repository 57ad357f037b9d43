/**
 * Signals that end a process. While the application leaves one to its default, the agent flushes
 * before the signal does its work. Main thread; owns one listener a signal.
 *
 * The runtime tells listeners of a signal between two turns of the event loop, so a listener would
 * keep Ctrl-C from ending a program that is stuck in a loop. When this thread blocks, the worker has
 * `release` called inside of it (src/workers/release-signals.ts): the next signal is deadly at once,
 * and costs at most what came since the last checkpoint. `retake` undoes it.
 */
import { RELEASE_SIGNALS } from '../shared/worker-protocol.js';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Listens until the end of the process. Returns `retake`, to be called while the thread turns. */
export function flushAtSignals(flush: () => void): () => void {
  // The kernel keeps signals that nobody handles from process 1 of a container: it would be flushed,
  // and live on. With no listener of ours it takes them as it would without the agent.
  if (process.pid === 1) return () => {};
  const listeners = SIGNALS.map((signal) => new SignalListener(signal, flush));
  let isReleased = false;
  (globalThis as Record<symbol, unknown>)[Symbol.for(RELEASE_SIGNALS)] = () => {
    isReleased = true;
    for (const listener of listeners) listener.stop();
  };
  return () => {
    if (!isReleased) return;
    isReleased = false;
    for (const listener of listeners) listener.listenIfAlone();
  };
}

/**
 * There only while the application has no listener: libraries that end the process at a signal
 * (signal-exit) look whether they are alone with it.
 */
class SignalListener {
  readonly #signal: NodeJS.Signals;
  readonly #onSignal: () => void;

  constructor(signal: NodeJS.Signals, flush: () => void) {
    this.#signal = signal;
    this.#onSignal = () => {
      if (process.listenerCount(signal) > 1) return;
      flush();
      this.stop();
      process.kill(process.pid, signal);
    };
    process.on('newListener', (event, listener) => {
      if (event !== signal || listener === this.#onSignal) return;
      // After theirs is in place: the runtime stops watching a signal when its last listener goes.
      process.nextTick(() => this.stop());
    });
    process.on('removeListener', (event, listener) => {
      if (event === signal && listener !== this.#onSignal) this.listenIfAlone();
    });
    this.listenIfAlone();
  }

  stop(): void {
    process.off(this.#signal, this.#onSignal);
  }

  listenIfAlone(): void {
    if (process.listenerCount(this.#signal) === 0) process.on(this.#signal, this.#onSignal);
  }
}
