/**
 * BullMQ: each attempt of a job is a job of ours, by queue and name. What a job carries is not looked at
 * and nothing is put into it, so its trace is its own.
 */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { errorTypeOf } from '../timed-call.js';
import { type JobStart, jobsOf } from './jobs.js';
import { sendsOf } from './sends.js';

const SYSTEM = 'bullmq';

interface BullJob {
  readonly name?: unknown;
  /** When it was added, and when it was taken, in Unix ms. */
  readonly timestamp?: number;
  readonly processedOn?: number;
  /** Not before version 5, in which `attemptsMade` counts the one that begins, too. */
  readonly attemptsStarted?: number;
  readonly attemptsMade?: number;
  readonly stalledCounter?: number;
  readonly opts?: { readonly delay?: number };
}
interface Named {
  readonly name?: unknown;
}
type Exports = Readonly<Record<string, { prototype?: object } | undefined>>;

/** What a processor throws to say that its job goes on later. */
const GOES_ON: ReadonlySet<string | undefined> = new Set([
  'DelayedError',
  'RateLimitError',
  'WaitingChildrenError',
  'WaitingError',
]);

/** Before version 5 a plain error with this text. */
const RATE_LIMITED = 'bullmq:rateLimitExceeded';

/** For classes/worker.js. */
export function patchBullWorker({ exports }: LoadedModule, host: ProbeHost): void {
  const jobs = jobsOf(host);
  replaceMethod(
    (exports as Exports).Worker?.prototype,
    'callProcessJob',
    (original) =>
      function (this: object, ...args): unknown {
        const describe = () => startOf(this as Named, args[0] as BullJob);
        return jobs.run(describe, () => original.apply(this, args), isFailure);
      },
  );
}

/** For classes/queue.js. */
export function patchBullQueue({ exports }: LoadedModule, host: ProbeHost): void {
  const prototype = (exports as Exports).Queue?.prototype;
  for (const operation of ['add', 'addBulk']) {
    const destinationOf = ({ self }: { readonly self: unknown }) =>
      String((self as Named).name ?? '');
    sendsOf(host).time(prototype, operation, { system: SYSTEM, operation, destinationOf });
  }
}

function isFailure(error: unknown): boolean {
  const { message } = (error ?? {}) as { message?: unknown };
  return !GOES_ON.has(errorTypeOf(error)) && message !== RATE_LIMITED;
}

function startOf({ name: queue }: Named, job: BullJob): JobStart {
  const { name, timestamp = Number.NaN, processedOn = Date.now(), opts } = job;
  const isCountedNow = job.attemptsStarted === undefined;
  // One that went on later is neither a first attempt nor a retry.
  const isFirst = (job.attemptsStarted ?? 0) <= 1;
  return {
    system: SYSTEM,
    queue: String(queue ?? ''),
    name: String(name ?? ''),
    waitMs: isFirst ? processedOn - timestamp - (opts?.delay ?? 0) : undefined,
    isRetry: (job.attemptsMade ?? 0) > (isCountedNow ? 1 : 0) || (job.stalledCounter ?? 0) > 0,
  };
}
