/**
 * Writes NDJSON to standard output, which belongs to the application: it is asked for by name
 * (`stdout:`) and never used otherwise. Written to the descriptor itself, because a worker's
 * `process.stdout` goes through the main thread and may be patched there.
 *
 * A pipe that nobody reads is waited for; a batch that is written in part is finished before anything
 * else, because a torn line would spoil the application's output.
 */
import { constants, fstatSync, openSync, write } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ndjson } from './ndjson.js';
import type { Outcome, Parcel, Sender } from './sender.js';

const writeAsync = promisify(write);
/** How long a full pipe (EAGAIN) is left alone. */
const FULL_PIPE_WAIT_MS = 20;

/** The batch that is being written, or was the last to be. */
interface Job {
  readonly of: string;
  readonly done: Promise<void>;
}

export function stdoutSender(): Sender {
  let descriptor: number | undefined;
  let job: Job | undefined;

  const send = async (parcel: Parcel, timeoutMs: number): Promise<Outcome> => {
    const { boot, sequence } = parcel.identity;
    const of = `${boot}/${sequence}`;
    let lines: Buffer;
    try {
      lines = ndjson(parcel.body);
    } catch (error) {
      return { kind: 'refused', reason: (error as Error).message, splittable: false };
    }
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeoutMs).unref();
    try {
      if (job?.of !== of) {
        if (job !== undefined) await orAbort(job.done, deadline.signal);
        descriptor ??= openStdout();
        job = { of, done: writeAll(descriptor, lines) };
      }
      await orAbort(job.done, deadline.signal);
      return { kind: 'accepted' };
    } catch (error) {
      // What failed is written anew; what only takes long goes on.
      if (!deadline.signal.aborted) job = undefined;
      const reason = `stdout: ${(error as Error).message}`;
      return { kind: 'retry', reason, code: 'TACHO_COLLECTOR_UNREACHABLE' };
    } finally {
      clearTimeout(timer);
    }
  };
  return { send, close: () => Promise.resolve() };
}

async function writeAll(descriptor: number, lines: Buffer): Promise<void> {
  for (let at = 0; at < lines.length; ) {
    try {
      at += (await writeAsync(descriptor, lines, at, lines.length - at, null)).bytesWritten;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await delay(FULL_PIPE_WAIT_MS, undefined, { ref: false });
    }
  }
}

function orAbort(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('nobody reads it')), { once: true });
    work.then(resolve, reject);
  });
}

/**
 * A write to a full pipe would block a thread, and the end of the process would wait for it. So a pipe
 * is opened a second time, without blocking; the application's own descriptor stays as it is. Files and
 * terminals do not block; sockets cannot be opened twice, and are written as they are.
 */
function openStdout(): number {
  if (process.platform !== 'linux' || !fstatSync(1).isFIFO()) return 1;
  try {
    return openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return 1;
  }
}
