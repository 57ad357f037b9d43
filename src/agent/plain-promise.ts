/**
 * Tells the end of a promise without being seen by whoever made it. Any application thread; hot path.
 *
 * Only a promise of the language's own class can be passed on as one derived from it. One of a class
 * of its own, or with properties of its own, can be more: a query that `then` sets off, a call that can be
 * cancelled.
 */
import { types } from 'node:util';

// Taken before the application can put another class in its place; what asynchronous functions give stays of this one.
const Native = Promise;
const { prototype: native } = Native;
/** What `await` does, too, which asks nobody's `then` of such a promise. */
const { then } = native;
const settled = Native.resolve();

/** True for promises of other realms (node:vm), too. */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  if (!types.isPromise(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== native && !isOfForeignRealm(prototype)) return false;
  // Symbols are the runtime's own: asynchronous contexts hang on them.
  return Object.getOwnPropertyNames(value).length === 0;
}

/** A promise like `promise`, and without `onError` rejected as it is. To look at the original would make it count as handled. */
export function derive(
  promise: Promise<unknown>,
  onValue: (value: unknown) => unknown,
  onError?: (error: unknown) => never,
): Promise<unknown> {
  return then.call(promise, onValue, onError);
}

/** Tells the end of a promise that somebody handles already, however it ends: to look at it changes nothing. */
export function observe(
  promise: Promise<unknown>,
  onValue: (value: unknown) => void,
  onError: (error: unknown) => void,
): void {
  then.call(promise, onValue, onError);
}

/** Runs `look` in a turn to come, of which V8 knows who is told by `observe` of what is given back: that never settles. */
export function turnOf(look: () => void): Promise<unknown> {
  return then.call(settled, () => {
    look();
    // Not one for all: it would keep everybody who waits for it.
    return new Native(() => {});
  });
}

/** A realm's own `Promise.prototype` has only its `Object.prototype` above it; those of subclasses have it, too. */
function isOfForeignRealm(prototype: unknown): boolean {
  if (prototype === null) return false;
  const above: unknown = Object.getPrototypeOf(prototype);
  const isLast = above !== null && Object.getPrototypeOf(above) === null;
  return isLast && above !== Object.prototype;
}
