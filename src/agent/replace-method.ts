/** Puts a wrapper in the place of a library's method, dressed as the method itself. */
import { dressAs } from './dress-as.js';

export type Method = (this: object, ...args: unknown[]) => unknown;

/**
 * Replaces `target[name]` by what `wrap` makes of it. False when there is no such method: another
 * version of the library, which is left alone.
 */
export function replaceMethod(
  target: object | undefined,
  name: string,
  wrap: (original: Method) => Method,
): boolean {
  const descriptor = target && Object.getOwnPropertyDescriptor(target, name);
  const original = descriptor?.value as Method | undefined;
  if (target === undefined || typeof original !== 'function') return false;
  const value = dressAs(wrap(original) as never, original as never);
  Object.defineProperty(target, name, { ...descriptor, value });
  return true;
}
