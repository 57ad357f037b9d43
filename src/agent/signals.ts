/**
 * Signals that end a process. While the application leaves one to its default, the agent flushes
 * before the signal does its work. Main thread; owns one listener a signal.
 *
 * The runtime tells listeners of a signal between two turns of the event loop: during a block it
 * waits, and in an endless loop for ever. For Ctrl-C that must not be. When this thread blocks, the
 * worker has the listener of SIGINT dropped inside of it (src/workers/release-interrupt.ts), and the
 * next Ctrl-C is deadly at once; `retake` undoes it. One that came before, in the first 2 to 4 s of a
 * loop, is lost with the listener, and nobody can tell. A person presses again, who sends SIGTERM does
 * not: that one stays, and waits for the block's end.
 *
 * Within a script of node:vm that may be ended from outside the worker asks nothing (./script-ends.ts), so
 * SIGINT waits for that script, too, up to the whole of its `timeout`. Nor is the listener taken away as one
 * begins: each signal since the turn began would be lost with it, of every turn that runs a script.
 */
import { RELEASE_INTERRUPT } from '../shared/worker-protocol.js';
import { hideGlobally } from './hidden-global.js';

/** Later than this the question waited for a system call to return, and the loop turns again. */
const RELEASE_DELAY_MAX_MS = 100;

/** Listens until the end of the process. Returns `retake`, to be called while the thread turns. */
export function flushAtSignals(flush: () => void): () => void {
  // The kernel keeps signals that nobody handles from process 1 of a container: it would be flushed,
  // and live on. With no listener of ours it takes them as it would without the agent.
  if (process.pid === 1) return () => {};
  for (const signal of ['SIGTERM', 'SIGHUP'] as const)
    new SignalListener(signal, flush).listenIfAlone();
  const interrupt = new SignalListener('SIGINT', flush);
  interrupt.listenIfAlone();
  let isReleased = false;
  hideGlobally(Symbol.for(RELEASE_INTERRUPT), (askedMs: number) => {
    if (Date.now() - askedMs > RELEASE_DELAY_MAX_MS) return false;
    isReleased = true;
    interrupt.stop();
    return true;
  });
  return () => {
    if (!isReleased) return;
    isReleased = false;
    interrupt.listenIfAlone();
  };
}

/** Listeners of ours, by which others know that the application has none. */
const OWN = Symbol('tachograph.signal');

export function isOwnSignalListener(listener: object): boolean {
  return OWN in listener;
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
    Object.assign(this.#onSignal, { [OWN]: true });
    process.on('newListener', (event, listener) => {
      if (event !== signal || listener === this.#onSignal) return;
      // After theirs is in place: the runtime stops watching a signal when its last listener goes.
      process.nextTick(() => this.stop());
    });
    process.on('removeListener', (event, listener) => {
      if (event === signal && listener !== this.#onSignal) this.listenIfAlone();
    });
  }

  stop(): void {
    process.off(this.#signal, this.#onSignal);
  }

  listenIfAlone(): void {
    if (process.listenerCount(this.#signal) === 0) process.on(this.#signal, this.#onSignal);
  }
}
