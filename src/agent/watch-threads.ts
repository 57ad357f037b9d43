/**
 * Tells of the threads that this thread makes. Any application thread. Nothing is kept but a listener
 * on each Worker, which goes with it.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import { guarded, type Warn } from './guarded.js';

export interface ThreadWatch {
  /** A Worker is being constructed: called before `new Worker` returns. */
  readonly onMade?: () => void;
  readonly onEnded: (threadId: number) => void;
  /** True to pass over the thread that is being made. */
  readonly isOwn?: () => boolean;
}

/**
 * By the runtime's diagnostics channel and not by `process.on('worker')`, which comes a turn later:
 * an application may make a thread and wait for it in the same turn.
 */
export function watchThreads({ onMade, onEnded, isOwn }: ThreadWatch, warn: Warn): void {
  const end = guarded('threads', warn, onEnded);
  const made = guarded('threads', warn, (message: unknown) => {
    if (isOwn?.()) return;
    const { worker } = message as { worker: Worker };
    // The id is gone (-1) by the time `exit` is emitted.
    const { threadId } = worker;
    worker.on('exit', () => end(threadId));
    onMade?.();
  });
  subscribe('worker_threads', made);
}
