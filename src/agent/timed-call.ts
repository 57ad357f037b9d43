/**
 * Wraps a method of a library so that each call of it is timed. The application sees no difference:
 * results, errors, `this`, name and length are the method's, and a promise that nobody handles is
 * still reported by the runtime. Hot path.
 */
import { nowMs } from './clock.js';
import { dressAs } from './dress-as.js';
import { guardedCall } from './guarded.js';
import { derive, isPlainPromise } from './plain-promise.js';
import type { ProbeHost } from './probe.js';
import { replaceMethod } from './replace-method.js';
import type { Unit } from './unit.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** A call that has ended. `error` is what it threw or was rejected with, undefined when nothing. */
export interface TimedCall {
  readonly self: unknown;
  readonly args: readonly unknown[];
  readonly unit: Unit | undefined;
  readonly startMs: number;
  readonly error: unknown;
  readonly result: unknown;
}

export interface Timing {
  /** For a warning: what is timed. */
  readonly name: string;
  readonly onEnd: (call: TimedCall) => void;
  /**
   * When the last argument is a function, the call ends when that is called (error first), and it is
   * called as the unit that made the call.
   */
  readonly takesCallback?: boolean;
  /** False for a call that is none: it passes as if it were not wrapped. */
  readonly isCall?: (self: unknown, args: readonly unknown[]) => boolean;
}

/** False when there is no such method: another version of the library, which is left alone. */
export function timeMethod(
  target: object | undefined,
  name: string,
  host: ProbeHost,
  timing: Timing,
): boolean {
  return replaceMethod(target, name, (original) => timedFunction(original as Method, host, timing));
}

/** `original` with its calls timed. */
export function timedFunction(original: Method, host: ProbeHost, timing: Timing): Method {
  const { work } = host;
  const onEnd = guardedCall(timing.name, host.warn, timing.onEnd);
  const { isCall, takesCallback = false } = timing;
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    if (isCall !== undefined && !isCall(this, args)) return original.apply(this, args);
    const callback = takesCallback ? args.at(-1) : undefined;
    // A library may hand over again, to the same method, what it had put aside.
    if ((callback as Ending | undefined)?.[ENDING] === timing) return original.apply(this, args);
    const unit = work.current();
    const startMs = nowMs();
    const end = (error: unknown, result: unknown): void =>
      onEnd({ self: this, args, unit, startMs, error, result });
    if (typeof callback === 'function') {
      let isEnded = false;
      args[args.length - 1] = endingWith(callback as Method, timing, (error, result) => {
        isEnded = true;
        end(error ?? undefined, result);
        return (run) => work.resume(unit, run);
      });
      try {
        return original.apply(this, args);
      } catch (error) {
        // Of what the callback throws the call knows nothing: it has ended.
        if (!isEnded) end(error ?? new Error('thrown'), undefined);
        throw error;
      }
    }
    return endOf(() => original.apply(this, args), end);
  };
  return dressAs(wrapped as never, original as never) as Method;
}

type Resume = (run: () => unknown) => unknown;

/** On a callback that ends a call: of which timing. */
const ENDING = Symbol('tachograph.ending');

interface Ending {
  [ENDING]?: unknown;
}

/** `callback` that first tells its error and result, once. */
function endingWith(
  callback: Method,
  timing: Timing,
  tell: (error: unknown, result: unknown) => Resume,
): Method {
  let resume: Resume | undefined;
  const wrapped: Method & Ending = function (this, ...args) {
    resume ??= tell(args[0], args[1]);
    return resume(() => callback.apply(this, args));
  };
  wrapped[ENDING] = timing;
  return dressAs(wrapped as never, callback as never) as Method;
}

/**
 * Ends with what `call` returns or throws; with a plain promise, when that is settled. What is given back
 * for one is a promise derived from it; everything else is given back as it is, and has ended.
 */
export function endOf(
  call: () => unknown,
  end: (error: unknown, result: unknown) => void,
): unknown {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    end(error ?? new Error('thrown'), undefined);
    throw error;
  }
  if (!isPlainPromise(result)) {
    end(undefined, result);
    return result;
  }
  return derive(
    result,
    (value) => {
      end(undefined, value);
      return value;
    },
    (error) => {
      end(error ?? new Error('rejected'), undefined);
      throw error;
    },
  );
}

/** The `error.type` of what was thrown: its code, else its name; never its text. */
export function errorTypeOf(error: unknown): string | undefined {
  if (error === undefined || error === null) return undefined;
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (typeof code === 'string' || typeof code === 'number') return String(code);
  return typeof name === 'string' && name !== '' ? name : 'error';
}
