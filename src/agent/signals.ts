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
 *
 * For a script that Ctrl-C may end the runtime takes all listeners of SIGINT away, and puts them back behind it.
 * Did one of ours come in between, it would not watch the signal anew, and the application's would never hear of it
 * again: so within such a script none comes.
 */
import { RELEASE_INTERRUPT } from '../shared/worker-protocol.js';
import { dressAs } from './dress-as.js';
import { hideGlobally } from './hidden-global.js';

/** Later than this the question waited for a system call to return, and the loop turns again. */
const RELEASE_DELAY_MAX_MS = 100;

/**
 * Listens until the end of the process. Returns `retake`, to be called while the thread turns. `isInScript` says
 * whether a script runs that may be ended from outside.
 */
export function flushAtSignals(flush: () => void, isInScript: () => boolean): () => void {
  // The kernel keeps signals that nobody handles from process 1 of a container: it would be flushed,
  // and live on. With no listener of ours it takes them as it would without the agent.
  if (process.pid === 1) return () => {};
  /** One of ours is to come as soon as the thread turns, if its signal has no listener then. */
  let isOwed = false;
  const isPutOff = (): boolean => {
    const isNow = isInScript();
    isOwed ||= isNow;
    return isNow;
  };
  const of = (signal: NodeJS.Signals): SignalListener =>
    new SignalListener(signal, flush, isPutOff);
  const interrupt = of('SIGINT');
  const all = [of('SIGTERM'), of('SIGHUP'), interrupt];
  hideFromCounts(all, isInScript);
  for (const one of all) one.listenIfAlone();
  hideGlobally(Symbol.for(RELEASE_INTERRUPT), (askedMs: number) => {
    if (Date.now() - askedMs > RELEASE_DELAY_MAX_MS) return false;
    isOwed = true;
    interrupt.stop();
    return true;
  });
  return () => {
    if (!isOwed) return;
    isOwed = false;
    for (const one of all) one.listenIfAlone();
  };
}

/** Listeners of ours, by which others know that the application has none. */
const OWN = Symbol('tachograph.signal');

export function isOwnSignalListener(listener: object): boolean {
  return OWN in listener;
}

/**
 * An application that counts the listeners of a signal asks for its own: fastify-graceful-shutdown before 5 does
 * not start where there is one. But the runtime counts all, for a script that Ctrl-C may end.
 */
function hideFromCounts(all: readonly SignalListener[], isInScript: () => boolean): void {
  const { listenerCount } = process;
  const counted = function (this: unknown, ...args: Parameters<typeof listenerCount>): number {
    const count = Reflect.apply(listenerCount, this, args);
    const [event, listener] = args;
    const own = all.find(({ signal }) => signal === event);
    const isHidden = own?.isListening === true && listener === undefined && !isInScript();
    return isHidden && this === process ? count - 1 : count;
  };
  const value = dressAs(counted as never, listenerCount);
  Object.defineProperty(process, 'listenerCount', { value, writable: true, configurable: true });
}

/**
 * There only while the application has no listener: libraries that end the process at a signal
 * (signal-exit) look whether they are alone with it.
 */
class SignalListener {
  readonly signal: NodeJS.Signals;
  readonly #onSignal: () => void;
  #isStopping = false;

  constructor(signal: NodeJS.Signals, flush: () => void, isPutOff: () => boolean) {
    this.signal = signal;
    this.#onSignal = () => {
      if (!this.#isAlone) return;
      flush();
      this.stop();
      process.kill(process.pid, signal);
    };
    Object.assign(this.#onSignal, { [OWN]: true });
    process.on('newListener', (event, listener) => {
      if (event !== signal || listener === this.#onSignal) return;
      // After theirs is in place: the runtime stops watching a signal when its last listener goes. Theirs may
      // have gone again by then (signal-exit around something synchronous).
      process.nextTick(() => {
        if (!this.#isAlone) this.stop();
      });
    });
    process.on('removeListener', (event, listener) => {
      if (event !== signal) return;
      if (listener !== this.#onSignal) {
        if (isPutOff() || !this.#isAlone) return;
        // It may still be there: but the runtime, which counts none, watches the signal no more.
        this.stop();
        this.listenIfAlone();
      } else if (!this.#isStopping) {
        // Somebody took away all that there were.
        process.nextTick(() => this.listenIfAlone());
      }
    });
  }

  get isListening(): boolean {
    return process.rawListeners(this.signal).includes(this.#onSignal);
  }

  get #isAlone(): boolean {
    return process.rawListeners(this.signal).every((listener) => listener === this.#onSignal);
  }

  stop(): void {
    this.#isStopping = true;
    process.off(this.signal, this.#onSignal);
    this.#isStopping = false;
  }

  listenIfAlone(): void {
    if (this.#isAlone && !this.isListening) process.on(this.signal, this.#onSignal);
  }
}
