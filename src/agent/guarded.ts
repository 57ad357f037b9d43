/**
 * A fault of ours must not become the application's: a subscriber of a diagnostics channel that
 * throws becomes an uncaughtException. Every callback of a probe goes through here. Hot path.
 */
import type { WarningCode } from '../shared/codes.js';
import { LateCodeError } from './late-code.js';

/** Errors a callback may make before it is switched off. */
const ERRORS_MAX = 10;

export type Warn = (code: WarningCode, detail: string) => void;

/** `callback` with its errors caught; after ten of them it is silent and a warning says so. */
export function guarded<Message>(
  name: string,
  warn: Warn,
  callback: (message: Message) => void,
): (message: Message) => void {
  let errors = 0;
  return (message) => {
    if (errors >= ERRORS_MAX) return;
    try {
      callback(message);
    } catch (error) {
      errors = counted(errors, error, name, warn);
    }
  };
}

/**
 * `guarded` for a callback of several arguments, with what it returns: undefined instead of an error. Apart from it, because a rest argument makes a call
 * of 11 ns one of 14, and one of 52 ns one of 72 until V8 optimises it (Node 20 and 22).
 */
export function guardedCall<Args extends readonly unknown[], Value = unknown>(
  name: string,
  warn: Warn,
  callback: (...args: Args) => Value,
): (...args: Args) => Value | undefined {
  let errors = 0;
  return (...args) => {
    if (errors >= ERRORS_MAX) return undefined;
    try {
      return callback(...args);
    } catch (error) {
      errors = counted(errors, error, name, warn);
      return undefined;
    }
  };
}

/** Of what is called beside a method: `this` of the method, and its first arguments. */
export type Observer = (self: object, a?: unknown, b?: unknown, c?: unknown, d?: unknown) => void;

/** `guardedCall` for an observer, without a rest argument: several run for each request. */
export function guardedObserver(name: string, warn: Warn, observe: Observer): Observer {
  let errors = 0;
  return (self, a, b, c, d) => {
    if (errors >= ERRORS_MAX) return;
    try {
      observe(self, a, b, c, d);
    } catch (error) {
      errors = counted(errors, error, name, warn);
    }
  };
}

/** The errors so far with this one; the last one that is taken is told. What cannot be loaded is the last. */
function counted(errors: number, error: unknown, name: string, warn: Warn): number {
  const count = error instanceof LateCodeError ? ERRORS_MAX : errors + 1;
  if (count === ERRORS_MAX) {
    warn('TACHO_PROBE_OFF', `${name}: ${error instanceof Error ? error.message : error}`);
  }
  return count;
}
