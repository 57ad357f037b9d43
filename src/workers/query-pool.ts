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

/** The pool is closed, and with it whatever ran or waited. */
export class QueryPoolClosedError extends Error {
  override readonly name = 'QueryPoolClosedError';
}

export interface QueryPool {
  /** Runs `runTask(task)` of the module on a thread. @throws {QueryQueueFullError} @throws {QueryPoolClosedError} */
  run(task: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** Two for a page’s questions, of which a long one is not to keep the others waiting, and one for comparisons. */
const THREADS_MIN = 3;

/** One less than there are cores, and at least THREADS_MIN. */
export function queryThreadsDefault(): number {
  return Math.max(THREADS_MIN, availableParallelism() - 1);
}

/**
 * @param threads At most. @param log Takes what went wrong in a thread, one line each time.
 * @param threadsKept So many are there from the beginning on, and do not end: to start one takes as long as some ten questions.
 */
export function createQueryPool(
  module: URL,
  threads: number,
  log: (line: string) => void,
  threadsKept = 0,
): QueryPool {
  const pool = new Piscina({
    filename: fileURLToPath(module),
    name: 'runTask',
    minThreads: threadsKept,
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
  let isClosed = false;
  return {
    async run(task) {
      if (open >= threads + WAITING_MAX) throw new QueryQueueFullError();
      open += 1;
      try {
        return await pool.run(task);
      } catch (error) {
        throw isClosed ? new QueryPoolClosedError('closed', { cause: error }) : error;
      } finally {
        open -= 1;
      }
    },
    close() {
      isClosed = true;
      return pool.destroy();
    },
  };
}
