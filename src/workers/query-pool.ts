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
export const WAITING_MAX = 256;

/** Every thread is busy, and as many tasks wait as may. It passes. */
export class QueryQueueFullError extends Error {
  override readonly name = 'QueryQueueFullError';

  constructor() {
    super(`${WAITING_MAX} queries wait for a thread already`);
  }
}

export interface QueryPool {
  /** Runs `runTask(task)` of the module on a thread. @throws {QueryQueueFullError} */
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
    // The default freezes a worker's timers between tasks.
    atomics: 'disabled',
    recordTiming: false,
    execArgv: [],
  });
  // Without a listener a crashed thread would end the process; its task is rejected anyway.
  pool.on('error', (error: Error) => log(`tachograph collector: query thread: ${error.message}`));
  // Counted here: Piscina's own refusal is known by its English alone.
  let open = 0;
  return {
    async run(task) {
      if (open >= threads + WAITING_MAX) throw new QueryQueueFullError();
      open += 1;
      try {
        return await pool.run(task);
      } finally {
        open -= 1;
      }
    },
    close: () => pool.destroy(),
  };
}
