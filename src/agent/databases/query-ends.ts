/**
 * The ways in which a query of a driver ends: its callback, its promise, its own throw. What the
 * application gets is what the driver gives. Hot path.
 */
import type { Method } from '../replace-method.js';
import { shapedLike } from '../shaped-like.js';
import type { Work } from '../work.js';
import type { QueryCall, QueryWatch } from './query-watch.js';

/** What of a result is told: how many rows. */
export type RowsOf = (result: unknown, call: QueryCall) => number;

/** `callback` (error first), which first ends the call and is called as the unit that made it. */
export function endingCallback(
  callback: Method,
  call: QueryCall,
  watch: QueryWatch,
  work: Work,
  rowsOf: RowsOf,
): Method {
  return shapedLike(callback as never, (self, args) => {
    if (call.isOpen) watch.end(call, args[0] ?? undefined, countRows(rowsOf, args[1], call));
    return work.resume(call.unit, () => callback.apply(self as object, args as unknown[]));
  });
}

/** `target[name]`, when it is a function, runs as the unit that made the call, and so does whom it calls. */
export function resumeMethod(target: object, name: string, call: QueryCall, work: Work): void {
  const original = (target as Record<string, unknown>)[name];
  if (call.unit === undefined || typeof original !== 'function') return;
  const value = function (this: object, ...args: unknown[]): unknown {
    return work.resume(call.unit, () => (original as Method).apply(this, args));
  };
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

/** Calls the driver; what it throws ends the call. */
export function endingThrow(run: () => unknown, call: QueryCall, watch: QueryWatch): unknown {
  try {
    return run();
  } catch (error) {
    watch.end(call, error ?? new Error('thrown'));
    throw error;
  }
}

/**
 * A promise like `result` that ends the call when it is settled. To look at the driver's own would make
 * it count as handled.
 */
export function endingPromise(
  result: unknown,
  call: QueryCall,
  watch: QueryWatch,
  rowsOf: RowsOf,
): unknown {
  if (typeof (result as PromiseLike<unknown> | undefined)?.then !== 'function') {
    watch.end(call, undefined);
    return result;
  }
  return (result as PromiseLike<unknown>).then(
    (value) => {
      watch.end(call, undefined, countRows(rowsOf, value, call));
      return value;
    },
    (error: unknown) => {
      watch.end(call, error ?? new Error('rejected'));
      throw error;
    },
  );
}

/** A result may be of the application's own making (parsers, row types). */
function countRows(rowsOf: RowsOf, result: unknown, call: QueryCall): number | undefined {
  try {
    return rowsOf(result, call);
  } catch {
    return undefined;
  }
}
