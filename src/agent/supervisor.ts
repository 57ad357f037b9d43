/**
 * Owns the agent's worker thread: starts it, restarts it with backoff when it dies or hangs, and
 * gives up after CRASHES_MAX in an hour. Main thread. Nothing here keeps the process alive.
 */
import type { Worker } from 'node:worker_threads';
import { controlWords, READY, SESSIONS_OPEN, WORKER_HEARTBEAT } from '../shared/control-layout.js';
import { createStillTime, type Stillness } from '../shared/still-time.js';
import type {
  FromWorker,
  MetLibrary,
  ProcessFacts,
  ThreadRing,
  ToWorker,
  WorkerStart,
} from '../shared/worker-protocol.js';
import { after, nowMs } from './clock.js';
import type { Warn } from './guarded.js';
import { workerThreads } from './late-builtins.js';

const CRASHES_MAX = 5;
const CRASH_PERIOD_MS = 3_600_000;
const BACKOFF_MIN_MS = 1000;
const BACKOFF_MAX_MS = 60_000;
/** Messages that wait for a worker: an event at start, the trace of a first request. */
const WAITING_MAX = 32;
/** A worker whose heartbeat stands still for this long is in an endless loop. */
const HANG_MS = 30_000;
/** Of a gap between two looks, of which there is one a sample: a stopped process hangs nobody. */
const GAP_COUNTED_MAX_MS = 10_000;

/**
 * Heap of the worker. A window of 2,000 busy series takes about 25 MB; past the limit the thread
 * ends with ERR_WORKER_OUT_OF_MEMORY and the application does not notice.
 */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 } as const;

type State =
  | { readonly kind: 'stopped' }
  /** The thread is being made: a moment, in which nothing else runs but who is told of it. */
  | { readonly kind: 'launching' }
  | { readonly kind: 'running'; readonly worker: Worker; readonly stillTime: () => Stillness }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'off' };

export interface Supervisor {
  start(): void;
  /** Traces and events wait for a worker, WAITING_MAX at most; it finds rings itself. */
  post(message: ToWorker): void;
  /** Restarts a hung worker; called at each sample. */
  check(): void;
  /** True while the agent's own thread is made, which is none of the application's. */
  readonly isLaunching: boolean;
  /** True when it has given up: nobody will read a ring again. */
  readonly isOff: boolean;
}

/** What of the start message is known when a worker starts, and not before. */
export interface StartSources {
  /** Read once, when the first worker starts. */
  readonly facts: () => ProcessFacts;
  /** Read at each start. */
  readonly rings: () => readonly ThreadRing[];
  /** Read at each start. */
  readonly libraries: () => readonly MetLibrary[];
}

/** `base` is the worker's start message but for its sources and the restarts, counted here. */
export function createSupervisor(
  base: Omit<WorkerStart, 'facts' | 'rings' | 'libraries' | 'restarts'>,
  sources: StartSources,
  warn: Warn,
): Supervisor {
  const words = controlWords(base.control);
  let facts: ProcessFacts | undefined;
  const countCrash = crashCounter();
  let state: State = { kind: 'stopped' };
  let restarts = 0;
  const waiting: ToWorker[] = [];

  /** A thread that cannot be made (permissions, limits) is a crash like any other. */
  function launch(): void {
    try {
      startWorker();
    } catch (error) {
      onExit(error instanceof Error ? error.message : String(error));
    }
  }

  function startWorker(): void {
    facts ??= sources.facts();
    const [rings, libraries] = [sources.rings(), sources.libraries()];
    const start: WorkerStart = { ...base, facts, rings, libraries, restarts };
    state = { kind: 'launching' };
    const worker = new (workerThreads().Worker)(
      new URL('../workers/agent-worker.js', import.meta.url),
      {
        workerData: start,
        name: 'tachograph',
        execArgv: [],
        env: workerEnvironment(),
        // Not piped: what the worker's runtime prints must not reach the application's streams.
        stdout: true,
        stderr: true,
        resourceLimits: RESOURCE_LIMITS,
      },
    );
    const readBeat = (): number => Atomics.load(words, WORKER_HEARTBEAT);
    state = {
      kind: 'running',
      worker,
      stillTime: createStillTime(readBeat, nowMs, GAP_COUNTED_MAX_MS),
    };
    let reason = 'it ended';
    worker.on('message', (message: FromWorker) => warn(message.code, message.detail));
    worker.on('error', (error) => {
      reason = error.message;
    });
    worker.on('exit', () => onExit(reason));
    // After the listeners: one for messages makes the thread count again.
    worker.unref();
    for (const message of waiting.splice(0)) worker.postMessage(message);
  }

  function onExit(reason: string): void {
    Atomics.store(words, READY, 0);
    Atomics.store(words, SESSIONS_OPEN, 0);
    const crashes = countCrash(nowMs());
    if (crashes >= CRASHES_MAX) {
      state = { kind: 'off' };
      warn('TACHO_AGENT_OFF', `${crashes} crashes in an hour; the last: ${reason}`);
      return;
    }
    warn('TACHO_WORKER_CRASHED', reason);
    restarts += 1;
    const delayMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** (crashes - 1));
    after(delayMs, launch);
    state = { kind: 'waiting' };
  }

  return {
    start() {
      if (state.kind === 'stopped') launch();
    },
    post(message) {
      if (state.kind === 'running') state.worker.postMessage(message);
      else if (isWaitable(state, message) && waiting.length < WAITING_MAX) waiting.push(message);
    },
    check() {
      if (state.kind !== 'running') return;
      if (state.stillTime().stillMs >= HANG_MS) void state.worker.terminate();
    },
    get isLaunching() {
      return state.kind === 'launching';
    },
    get isOff() {
      return state.kind === 'off';
    },
  };
}

/** Rings are in the start message, and a flush is for a worker that runs. */
function isWaitable(state: State, { type }: ToWorker): boolean {
  return state.kind !== 'off' && type !== 'ring' && type !== 'flush' && type !== 'library';
}

/** Each call is a crash; it returns how many there were in the hour before. */
function crashCounter(): (crashMs: number) => number {
  const times: number[] = [];
  return (crashMs) => {
    times.push(crashMs);
    while (times[0] !== undefined && crashMs - times[0] > CRASH_PERIOD_MS) times.shift();
    return times.length;
  };
}

/** Without NODE_OPTIONS, whose `--import` would preload the agent into its own worker. */
function workerEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...environment } = process.env;
  return environment;
}
