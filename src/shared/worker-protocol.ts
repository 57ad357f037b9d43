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

/** The worker's `workerData`. The key `tachographWorker` is the marker of src/agent/guard.ts. */
export interface WorkerStart {
  readonly tachographWorker: true;
  readonly options: Options;
  readonly facts: ProcessFacts;
  readonly control: SharedArrayBuffer;
  /** The main thread's ring. */
  readonly ring: SharedArrayBuffer;
  /** How often a worker was started before in this process. */
  readonly restarts: number;
}

/** Main thread → worker. */
export type ToWorker =
  | { readonly type: 'flush'; readonly timeoutMs: number }
  /** A worker thread of the application ended; its ring gets no more records. */
  | { readonly type: 'thread-ended'; readonly threadId: number };

/** Worker → main thread. */
export type FromWorker = {
  readonly type: 'warning';
  readonly code: WarningCode;
  readonly detail: string;
};

/** On the BroadcastChannel between the app's worker threads and the agent's worker. */
export type OnThreadChannel =
  /** A thread has a ring; sent at its start and in answer to `who`. */
  | { readonly type: 'ring'; readonly threadId: number; readonly ring: SharedArrayBuffer }
  /** The agent's worker has (re)started and does not know the rings. */
  | { readonly type: 'who' };

export const THREAD_CHANNEL = 'tachograph:threads';

/** Key in the registry of symbols of what the worker calls in a blocked main thread. */
export const RELEASE_SIGNALS = 'tachograph.release-signals';
