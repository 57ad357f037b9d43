/**
 * Puts an observer in front of a method. The observer's errors are caught, so the method behaves as
 * before; after ten of them the observer is silent and a warning says so. Hot path.
 */
import { dressAs } from './dress-as.js';
import { guardedCall, type Warn } from './guarded.js';

type Method = (this: object, ...args: never[]) => unknown;

/**
 * Calls `observe` with `this` and the arguments before each call of `target[name]`. False when
 * there is no such method: another version of the library, which is then left alone.
 */
export function beforeCall<Args extends readonly unknown[]>(
  target: object | undefined,
  name: string,
  warn: Warn,
  observe: (self: object, ...args: Args) => void,
): boolean {
  const descriptor = target && Object.getOwnPropertyDescriptor(target, name);
  const original = descriptor?.value as Method | undefined;
  if (target === undefined || typeof original !== 'function') return false;
  const safe = guardedCall(`before ${name}`, warn, observe);
  const wrapped = function (this: object, ...args: never[]): unknown {
    safe(this, ...(args as unknown as Args));
    return original.apply(this, args);
  };
  Object.defineProperty(target, name, { ...descriptor, value: dressAs(wrapped, original) });
  return true;
}
