/**
 * What passes between app threads and the agent's worker besides rings: how the worker is started,
 * and the few messages that are not records.
 */
import type { WarningCode } from './codes.js';
import type { Options } from './options.js';

/** Facts only the main thread knows, for the resource attributes; none of them is secret. */
export interface ProcessFacts {
  /** A UUID drawn at start. */
  readonly boot: string;
  readonly startedMs: number;
  readonly pid: number;
  readonly cwd: string;
  /** Path of the script, without its arguments. */
  readonly script: string | undefined;
  /** 1, 2 … in a cluster worker. */
  readonly clusterWorker: number | undefined;
}

/** A thread's ring, and the number that tells the thread apart from those that live beside it. */
export interface ThreadRing {
  readonly ring: SharedArrayBuffer;
  /** 0 for the main thread; else the lowest that was free when the thread began. */
  readonly slot: number;
}

/** A library that an adapter of the agent met in the main thread. */
export interface MetLibrary {
  /** Name, tested versions, tier and probe of the adapter. */
  readonly adapter: string;
  readonly tested: string;
  readonly tier: string;
  readonly probe: string;
  /** Of the file that was met; undefined where the library speaks by a channel. Stays in the process. */
  readonly path: string | undefined;
}

/** The worker's `workerData`. The key `tachographWorker` is the marker of src/agent/guard.ts. */
export interface WorkerStart {
  readonly tachographWorker: true;
  readonly options: Options;
  readonly facts: ProcessFacts;
  readonly control: SharedArrayBuffer;
  /** Of the main thread, first, and of the threads whose rings are not spent. */
  readonly rings: readonly ThreadRing[];
  /** Met so far. */
  readonly libraries: readonly MetLibrary[];
  /** How often a worker was started before in this process. */
  readonly restarts: number;
}

/**
 * Words of a span: series (what it is, with its attributes), start after the unit's start in µs,
 * duration in µs, a detail (of a query: the rows; -1 when there is nothing to say), and of a query what it
 * was called with (./query-values.ts).
 */
export const SPAN_WORDS = 5;
/** As the duration of a call that was not over when its unit ended. */
export const SPAN_OPEN_US = -1;

/** Why the trace of a unit is kept: what was too much, or that it was drawn. */
export type TraceReason = 'slow' | 'queries' | 'error' | 'sample';

/** A unit of work that breached, with everything it called. */
export interface KeptTrace {
  readonly reason: TraceReason;
  /** Series of its duration, of the ring of its thread. */
  readonly series: number;
  /** Unix ms of its start. */
  readonly timeMs: number;
  /** The same by the process's clock (./process-clock.ts). */
  readonly startMs: number;
  readonly durationUs: number;
  readonly statusCode: number;
  readonly queries: number;
  readonly queryBusyUs: number;
  readonly middlewareUs: number;
  readonly clientCalls: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  /** SPAN_WORDS each; series are of the same ring. */
  readonly spans: Int32Array;
  /** Spans past the limit. */
  readonly omitted: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  /** Who made the request, as the application knows them; only a hash leaves the process. */
  readonly user: string | undefined;
}

/** Where the application made a query: its stack, asked for by the worker, without the agent's own frames. */
export interface AskedPlace {
  readonly series: number;
  readonly frames: readonly StackFrame[];
}

/**
 * A unit of work whose queries may show something that can be mended: repeated, slow, with many rows, in a
 * transaction that waits. The worker decides (src/workers/findings/).
 */
export interface Suspect {
  /** Of its duration; undefined of a query that no unit made. */
  readonly series: number | undefined;
  /** Unix ms of its start. */
  readonly timeMs: number;
  readonly durationUs: number;
  readonly queries: number;
  /** How many suspects of its kind it stands for: itself, and those that were not sent. */
  readonly weight: number;
  /** Where its trace was kept. */
  readonly traceId: string | undefined;
  /** SPAN_WORDS each. */
  readonly spans: Int32Array;
  readonly places: readonly AskedPlace[];
}

export interface ThreadSuspect {
  readonly type: 'suspect';
  readonly threadId: number;
  readonly suspect: Suspect;
}

/** Connections of one pool that were taken long ago and not given back. */
export interface ConnectionLeak {
  readonly pool: string;
  /** Unix ms. */
  readonly takenMs: number;
  /** Series of the duration of the unit that took it, once that has ended. */
  readonly series: number | undefined;
  readonly frames: readonly StackFrame[];
}

export interface ThreadLeak {
  readonly type: 'leak';
  readonly threadId: number;
  readonly leak: ConnectionLeak;
}

/** `threadId` is that of the ring in which its series are defined: 0 on the main thread. */
export interface ThreadTrace {
  readonly type: 'trace';
  readonly threadId: number;
  readonly trace: KeptTrace;
}

/** An event that the application marked, on any thread. */
export interface MarkedEvent {
  /** Unix ms. */
  readonly timeMs: number;
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
}

/** What a thread has to tell that is no record. */
export type FromThread =
  | ThreadTrace
  | ThreadSuspect
  | ThreadLeak
  | { readonly type: 'event'; readonly event: MarkedEvent };

/** Main thread → worker. */
export type ToWorker =
  | { readonly type: 'flush'; readonly timeoutMs: number }
  | FromThread
  | { readonly type: 'library'; readonly library: MetLibrary }
  /** A worker thread of the application began. */
  | { readonly type: 'ring'; readonly ring: ThreadRing };

/** Worker → main thread. */
export type FromWorker = {
  readonly type: 'warning';
  readonly code: WarningCode;
  readonly detail: string;
};

/** On the BroadcastChannel on which the app's worker threads speak and the main thread listens. */
export type OnThreadChannel =
  /** A thread has a ring. Said at its start and again at its end. */
  | {
      readonly type: 'ring';
      readonly ring: SharedArrayBuffer;
      /** Ids of the worker threads that this one is in, outermost first: it ends with them. */
      readonly within: readonly number[];
    }
  /** A thread ended that the sender had made. */
  | { readonly type: 'ended'; readonly threadId: number }
  | FromThread;

export const THREAD_CHANNEL = 'tachograph:threads';

/** Keys in the registry of symbols of what the worker calls in a blocked main thread. */
export const RELEASE_INTERRUPT = 'tachograph.release-interrupt';
export const STACK_OFFER = 'tachograph.own-stack';

/** The call of STACK_OFFER with the beat at which the thread stands answers this, as JSON. */
export type OwnStack =
  | { readonly state: 'stack'; readonly frames: readonly StackFrame[] }
  /** It turned meanwhile. */
  | { readonly state: 'turned' }
  /** An inspector is open: it may stand at a breakpoint. */
  | { readonly state: 'inspected' };

/** Innermost first. Without a name or a file, an empty text; without a position, 0. */
export type StackFrame = readonly [name: string, file: string, line: number, column: number];
