/**
 * Threads for the collector's heavy work: merging thousands of histograms, and rollups. Made by the
 * collector's main thread; they start with the first task and end when idle. What a thread runs is
 * the collector's own: a module that exports `runTask`.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';

const IDLE_MS = 30_000;
/** Tasks that wait; past that they are refused, for nobody waits longer for an answer. */
const QUEUE_MAX = 256;

export interface QueryPool {
  /** Runs `runTask(task)` of the module on a thread. */
  run(task: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** One less than there are cores, and at least one. */
export function queryThreadsDefault(): number {
  return Math.max(1, availableParallelism() - 1);
}

/** @param threads At most. @param log Takes what went wrong in a thread, one line each time. */
export function createQueryPool(
  module: URL,
  threads: number,
  log: (line: string) => void,
): QueryPool {
  const pool = new Piscina({
    filename: fileURLToPath(module),
    name: 'runTask',
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    maxQueue: QUEUE_MAX,
    // The default freezes a worker's timers between tasks.
    atomics: 'disabled',
    recordTiming: false,
    execArgv: [],
  });
  // Without a listener a crashed thread would end the process; its task is rejected anyway.
  pool.on('error', (error: Error) => log(`tachograph collector: query thread: ${error.message}`));
  return {
    run: (task) => pool.run(task),
    close: () => pool.destroy(),
  };
}
