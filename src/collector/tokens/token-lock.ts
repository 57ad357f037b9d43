/**
 * One change of the tokens at a time: two commands that read the same list and write theirs one after
 * the other would lose a token, or bring a revoked one back. The lock is a file beside the list that
 * only one process can make. Waiting is bounded by WAIT_MS and blocks the thread, which is a command's.
 */
import { closeSync, openSync, rmSync } from 'node:fs';

/** A change takes a few milliseconds. */
const WAIT_MS = 5000;
const STEP_MS = 10;

/** @throws {Error} when the lock stays taken, or what `work` throws. */
export function whileLocked<Result>(
  path: string,
  work: () => Result,
  waitMs: number = WAIT_MS,
): Result {
  const lock = `${path}.lock`;
  for (let waitedMs = 0; !take(lock); waitedMs += STEP_MS) {
    if (waitedMs >= waitMs) {
      throw new Error(
        `${lock} is there: another "tachograph token" changes the tokens, or was killed while it did. ` +
          'Try again; if none runs, delete that file.',
      );
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STEP_MS);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** False when another has it. */
function take(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
