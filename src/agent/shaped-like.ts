/**
 * Callbacks of the `length` of those they stand for: what a library calls back may see them (memcached has
 * `this.callback`). To define a length costs 1 to 2 µs, to choose among functions that have one, nothing. The
 * name is not kept. Hot path.
 */
// biome-ignore-all lint/complexity/noArguments: beside declared parameters, only it says how many were given.
import { dressAs } from './dress-as.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** What was given: as many as were. */
type Run = (self: unknown, args: ArrayLike<unknown>) => unknown;

/** A function that calls `run`, of the `length` of `callback`. */
export function shapedLike(callback: Method, run: Run): Method {
  return (SHAPES[callback.length] ?? ofAnyLength)(run, callback);
}

/** By the number of parameters; error first callbacks seldom have more. */
const SHAPES: readonly ((run: Run) => Method)[] = [
  (run) =>
    function () {
      return run(this, arguments);
    },
  (run) =>
    function (_a) {
      return run(this, arguments);
    },
  (run) =>
    function (_a, _b) {
      return run(this, arguments);
    },
  (run) =>
    function (_a, _b, _c) {
      return run(this, arguments);
    },
  (run) =>
    function (_a, _b, _c, _d) {
      return run(this, arguments);
    },
];

function ofAnyLength(run: Run, callback: Method): Method {
  return dressAs(SHAPES[0]!(run) as never, callback as never) as Method;
}
