/**
 * The store's heavy tasks on the threads of the query pool. Runs on the collector's main thread; the
 * pool bounds how many wait.
 */
import { type QueryPool, QueryQueueFullError } from '../../workers/query-pool.js';
import type { RunTask } from './maintenance.js';
import { StoreBusyError } from './store.js';

/** A full queue empties within seconds: most queries take milliseconds. */
const RETRY_SECONDS = 2;

/** @throws {StoreBusyError} (the returned function) while the queue is full. */
export function runOnPool(pool: QueryPool): RunTask {
  return async (task) => {
    try {
      return (await pool.run(task)) as never;
    } catch (error) {
      if (!(error instanceof QueryQueueFullError)) throw error;
      throw new StoreBusyError(error.message, RETRY_SECONDS, { cause: error });
    }
  };
}
