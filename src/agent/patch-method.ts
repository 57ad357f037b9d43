/**
 * Puts an observer in front of a method. The observer's errors are caught, so the method behaves as
 * before; after ten of them the observer is silent and a warning says so. Hot path: a method
 * that declares two or three arguments gets a wrapper without a rest argument, which would make an
 * array for each call; it gets those two or three.
 */
import { guardedObserver, type Observer, type Warn } from './guarded.js';
import { type Method, replaceMethod } from './replace-method.js';

/**
 * Calls `observe` with `this` and the first four arguments before each call of `target[name]`. False
 * when there is no such method: another version of the library, which is then left alone.
 */
export function beforeCall<Args extends readonly unknown[]>(
  target: object | undefined,
  name: string,
  warn: Warn,
  observe: (self: object, ...args: Args) => void,
): boolean {
  const safe = guardedObserver(`before ${name}`, warn, observe as unknown as Observer);
  return replaceMethod(target, name, (original) => observed(original, safe));
}

/** A call with as many arguments as the method declares looks to it as it did. */
function observed(original: Method, observe: Observer): Method {
  switch (original.length) {
    case 2:
      return function (this: object, a, b) {
        observe(this, a, b);
        return original.call(this, a, b);
      };
    case 3:
      return function (this: object, a, b, c) {
        observe(this, a, b, c);
        return original.call(this, a, b, c);
      };
    default:
      return function (this: object, ...args) {
        observe(this, args[0], args[1], args[2], args[3]);
        return original.apply(this, args);
      };
  }
}
