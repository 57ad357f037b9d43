/**
 * The store's heavy tasks on the threads of two pools. Runs on the collector's main thread; the pools
 * bound how many wait.
 */
import {
  type QueryPool,
  QueryPoolClosedError,
  QueryQueueFullError,
} from '../../workers/query-pool.js';
import type { RunTask } from './maintenance.js';
import { StoreBusyError } from './store.js';

/** A full queue empties within seconds: most queries take milliseconds. */
const RETRY_SECONDS = 2;

/**
 * A comparison takes seconds of a thread: comparisons have a pool of their own, so that the rest of a page need not wait for them.
 *
 * @throws {StoreBusyError} (the returned function) while the queue is full, and when the collector ends meanwhile.
 */
export function runOnPools(pool: QueryPool, comparing: QueryPool): RunTask {
  return async (task) => {
    try {
      return (await (task.type === 'compare' ? comparing : pool).run(task)) as never;
    } catch (error) {
      if (error instanceof QueryPoolClosedError) {
        throw new StoreBusyError('the collector ends', RETRY_SECONDS, { cause: error });
      }
      if (!(error instanceof QueryQueueFullError)) throw error;
      throw new StoreBusyError(error.message, RETRY_SECONDS, { cause: error });
    }
  };
}
