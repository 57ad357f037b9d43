/**
 * Messages that a loop reads (`for await`): each is a job from when it is given until the loop asks for the
 * next one. Asking for the next makes its unit current in the execution that asks, which is the loop's own
 * and goes on with the message; but for the first, where that execution is whoever began the loop, so
 * the first message is timed without its queries. A loop that a request or job runs is left to it. What a
 * loop throws looks like one that is left, which is no failure; what somebody throws into the iterator is one.
 * Hot path.
 */
import { derive } from '../plain-promise.js';
import type { ProbeHost } from '../probe.js';
import type { Unit } from '../unit.js';
import { type JobCall, type JobStart, jobsOf } from './jobs.js';

type Result = IteratorResult<unknown>;

/** `describe` says of a message what it is. */
export function watchLoop(
  iterator: AsyncIterator<unknown>,
  host: ProbeHost,
  describe: (message: unknown) => JobStart,
): void {
  const { context } = host;
  const caller = context.followed();
  if (caller !== undefined && !caller.isDone) return;
  const jobs = jobsOf(host);
  const { next, return: leave, throw: fail } = iterator;
  /** What the loop works at. */
  let open: JobCall | undefined;
  /** What the loop made current last. */
  let entered: Unit | undefined;
  let isFirst = true;
  let isAsked = false;
  /** Somebody asked for two at a time: no loop. */
  let isOther = false;
  const finish = (error?: unknown): void => {
    if (open !== undefined) jobs.end(open, error);
    open = undefined;
  };
  iterator.next = (...args) => {
    finish();
    if (isAsked) isOther = true;
    if (isOther) return next.apply(iterator, args);
    // Who reads it within a request or another job goes on with that.
    const current = context.followed();
    const isOthers = current !== undefined && !current.isDone && current !== entered;
    const unit = isFirst || isOthers ? undefined : jobs.prepare();
    isFirst = false;
    isAsked = true;
    if (unit !== undefined) {
      entered = unit;
      context.enter(unit);
    }
    return derive(
      next.apply(iterator, args),
      (result) => {
        const { done, value } = result as Result;
        isAsked = false;
        if (done || isOther) unit?.close(unit.startMs);
        else open = jobs.begin(() => describe(value), unit);
        return result;
      },
      (error) => {
        unit?.close(unit.startMs);
        throw error;
      },
    ) as Promise<Result>;
  };
  iterator.return = (...args) => {
    finish();
    return leave!.apply(iterator, args);
  };
  iterator.throw = (...args) => {
    finish(args[0] ?? new Error('thrown'));
    return fail!.apply(iterator, args);
  };
}
