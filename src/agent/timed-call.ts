/**
 * Wraps a method of a library so that each call of it is timed. The application sees no difference:
 * results, errors, `this`, name and length are the method's, and a promise that nobody handles is
 * still reported by the runtime. Hot path.
 */
import { nowMs } from './clock.js';
import { dressAs } from './dress-as.js';
import { guarded, guardedCall } from './guarded.js';
import { derive, isPlainPromise, observe } from './plain-promise.js';
import type { ProbeHost } from './probe.js';
import { replaceMethod } from './replace-method.js';
import { shapedLike } from './shaped-like.js';
import { NO_SPAN } from './span-list.js';
import type { BegunCall } from './work.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;
/** Error first. */
export type Callback = Method;

/** A call that has ended. `error` is what it threw or was rejected with, undefined when nothing. */
export interface TimedCall extends BegunCall {
  readonly self: unknown;
  readonly args: readonly unknown[];
  readonly error: unknown;
  readonly result: unknown;
  /** See Timing. */
  readonly note: unknown;
}

/** While it runs. */
type RunningCall = { -readonly [Key in keyof TimedCall]: TimedCall[Key] };

export interface Timing {
  /** For a warning: what is timed. */
  readonly name: string;
  readonly onEnd: (call: TimedCall) => void;
  /**
   * What the call is as long as it has not failed, where that is known at its beginning: it is a span from
   * then on, and `onEnd` ends it by `endBegun`. Undefined: the call is nobody's.
   */
  readonly seriesOf?: (self: unknown, args: readonly unknown[]) => number | undefined;
  /** What is to be known of a call when it begins. */
  readonly noteOf?: (self: unknown, args: readonly unknown[]) => unknown;
  /**
   * When the last argument is a function, the call ends when that is called (error first), and it is
   * called as the unit that made the call.
   */
  readonly takesCallback?: boolean;
  /** False for a call that is none: it passes as if it were not wrapped. So does one of which it throws. */
  readonly isCall?: (self: unknown, args: readonly unknown[]) => boolean;
  /**
   * Asked when a call has returned its promise. True when the library handles what that rejects with, so that an
   * application need not: it is given back itself, for one derived from it would be handled by nobody.
   */
  readonly isHandled?: () => boolean;
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
  const { seriesOf, takesCallback = false, isHandled } = timing;
  const isCall = timing.isCall && guardedCall(timing.name, host.warn, timing.isCall);
  const noteOf = timing.noteOf && guardedCall(timing.name, host.warn, timing.noteOf);
  const begin = guarded(timing.name, host.warn, (call: RunningCall) => {
    const series = seriesOf?.(call.self, call.args);
    if (series === undefined) call.unit = undefined;
    else call.span = work.begin(call.unit, series, call.startMs);
  });
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    if (isCall !== undefined && !isCall(this, args)) return original.apply(this, args);
    const callback = takesCallback ? args.at(-1) : undefined;
    // A library may hand over again, to the same method, what it had put aside.
    if (isEnding(callback, timing)) return original.apply(this, args);
    const unit = work.current();
    const call: RunningCall = {
      self: this,
      args,
      unit,
      startMs: nowMs(),
      span: NO_SPAN,
      error: undefined,
      result: undefined,
      note: noteOf?.(this, args),
    };
    if (seriesOf !== undefined && unit !== undefined) begin(call);
    const end = (error: unknown, result: unknown): void => {
      call.error = error;
      call.result = result;
      onEnd(call);
    };
    const run = (): unknown => original.apply(this, args);
    if (typeof callback === 'function') {
      const resume: Resume = (back) => work.resume(unit, back);
      return endOfCallback(run, args, args.length - 1, end, { owner: timing, resume });
    }
    return endOf(run, end, isHandled);
  };
  return dressAs(wrapped as never, original as never) as Method;
}

type Resume = (run: () => unknown) => unknown;

/** On a callback that ends a call: whose. */
const ENDING = Symbol('tachograph.ending');

interface Ending {
  [ENDING]?: object;
}

/** True when `callback` is one that `endingWith` has made for `owner`. */
export function isEnding(callback: unknown, owner: object): boolean {
  return (callback as Ending | undefined)?.[ENDING] === owner;
}

/**
 * `callback` that first tells its error and result, once; it is called by what `tell` gives back, that is,
 * as the unit that made the call.
 */
export function endingWith(
  callback: Method,
  owner: object,
  tell: (error: unknown, result: unknown) => Resume,
): Method {
  let resume: Resume | undefined;
  const wrapped: Method & Ending = shapedLike(callback, (self, args) => {
    resume ??= tell(args[0], args[1]);
    return resume(() => callback.apply(self, args as unknown[]));
  });
  wrapped[ENDING] = owner;
  return wrapped;
}

/**
 * Ends with what the callback at `index` of `args` is told, or with what `call` throws, whichever comes first: of what the
 * callback throws the call knows nothing, nor of one that comes after it has thrown itself. `resume` calls it as the
 * unit that made the call.
 */
export function endOfCallback(
  call: () => unknown,
  args: unknown[],
  index: number,
  end: (error: unknown, result: unknown) => void,
  { owner, resume }: { readonly owner: object; readonly resume: Resume },
): unknown {
  let isEnded = false;
  const endOnce = (error: unknown, result: unknown): void => {
    if (isEnded) return;
    isEnded = true;
    end(error, result);
  };
  args[index] = endingWith(args[index] as Callback, owner, (error, result) => {
    endOnce(error ?? undefined, result);
    return resume;
  });
  try {
    return call();
  } catch (error) {
    endOnce(error ?? new Error('thrown'), undefined);
    throw error;
  }
}

/**
 * Ends with what `call` returns or throws; with a plain promise, when that is settled. What is given back
 * for one is a promise derived from it, unless it `isHandled`; everything else is given back as it is, and has
 * ended.
 */
export function endOf(
  call: () => unknown,
  end: (error: unknown, result: unknown) => void,
  isHandled: () => boolean = isNot,
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
  const succeed = (value: unknown): unknown => {
    end(undefined, value);
    return value;
  };
  const fail = (error: unknown): void => end(error ?? new Error('rejected'), undefined);
  if (isHandled()) {
    observe(result, succeed, fail);
    return result;
  }
  return derive(result, succeed, (error) => {
    fail(error);
    throw error;
  });
}

const isNot = (): boolean => false;

/**
 * What the code or the class of an error looks like: SQLSTATE, and a word. Applications set both as they
 * like, and more digits than a SQLSTATE has are those of a key, an id or a token.
 */
const TYPE = /^(?:-?\d{1,5}|[0-9A-Z]{5}|(?!(?:\D*\d){6})[A-Za-z_][\w.-]{0,63})$/;
/** As OpenTelemetry calls an error whose type is not known. */
const UNKNOWN = '_OTHER';

/**
 * The `error.type` of what was thrown: its code, else its name, else its class; never its text, nor what
 * looks like a value. The recorder bounds how many there are. Never throws, whatever the error's getters do.
 */
export function errorTypeOf(error: unknown): string | undefined {
  if (error === undefined || error === null) return undefined;
  try {
    return typeByFields(error);
  } catch {
    return UNKNOWN;
  }
}

function typeByFields(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if ((typeof code === 'string' || typeof code === 'number') && TYPE.test(String(code))) {
    return String(code);
  }
  if (typeof name !== 'string' || name === '') return 'error';
  // A class of errors that does not name its own.
  const ofClass: unknown = name === 'Error' ? (error as object).constructor?.name : name;
  const type = typeof ofClass === 'string' && ofClass !== '' ? ofClass : name;
  return TYPE.test(type) ? type : UNKNOWN;
}
