/**
 * Which unit of work the code that runs now belongs to. One AsyncLocalStorage a thread at most.
 *
 * Following requests costs every asynchronous step of the process (Node 20: about 3 µs a request,
 * docs/internals/performance.md), so with `auto` it begins when there is something to attribute: a
 * database driver was loaded (before any request came), or first somebody asks. An application that
 * calls nobody never pays. Requests that were open at a first question are not followed any more; that
 * one question, `current`, is answered with the only one that is open. It is a guess, so nothing else
 * may hang on it: a timer that was made there would carry it for ever.
 */
import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Options } from '../shared/options.js';
import { asyncHooks } from './late-builtins.js';
import type { Unit } from './unit.js';

export interface RequestContext {
  /** Makes `unit` current for the rest of this asynchronous execution. */
  enter(unit: Unit): void;
  /** Calls `work` with `unit` current, and returns what it returns. */
  run<Result>(unit: Unit, work: () => Result): Result;
  /** Begins to follow, and guesses once. */
  current(): Unit | undefined;
  /** The same without a guess, for who is content with none: does not begin to follow. */
  followed(): Unit | undefined;
  /** From now on units are followed: whoever will ask says so before the first one begins. */
  follow(): void;
}

/**
 * `onlyOpen` gives the request that is open now, when it is the only one; `onFollow` is told once, when
 * units are first followed.
 */
export function createContext(
  mode: Options['context'],
  onlyOpen: () => Unit | undefined,
  onFollow: (storage: AsyncLocalStorage<Unit>) => void = () => {},
): RequestContext {
  if (mode === 'off') {
    return {
      enter: () => {},
      run: (_, work) => work(),
      current: () => undefined,
      followed: () => undefined,
      follow: () => {},
    };
  }
  let storage: AsyncLocalStorage<Unit> | undefined;
  const follow = (): AsyncLocalStorage<Unit> => {
    if (storage === undefined) {
      storage = new (asyncHooks().AsyncLocalStorage)<Unit>();
      onFollow(storage);
    }
    return storage;
  };
  if (mode === 'on') follow();
  return {
    enter: (unit) => storage?.enterWith(unit),
    run(unit, work) {
      const followed = follow();
      // Most callbacks come where their unit is current already.
      return followed.getStore() === unit ? work() : followed.run(unit, work);
    },
    current() {
      if (storage !== undefined) return storage.getStore();
      follow();
      return onlyOpen();
    },
    followed: () => storage?.getStore(),
    follow,
  };
}
