/**
 * Looks every few seconds at who waits for whom in the database that was named, and keeps what it saw. Owns a timer that
 * keeps nothing alive and one connection, which is opened again, later and later, when it is lost. Looks do not
 * overlap. What is kept is bounded (../../advisor/locks/lock-log.ts) and ends with the collector.
 */
import { LockLog, type LockPair } from '../../advisor/locks/lock-log.js';
import type { LockSession } from '../../advisor/locks/lock-wait.js';
import { openLocks } from '../../advisor/locks/open-locks.js';
import { UntoldError } from '../../advisor/locks/untold-error.js';

export interface LockState {
  /** `off`: not looked at yet, or a database that cannot tell. `denied`: the statements of others are not to be seen. */
  readonly state: 'off' | 'ok' | 'denied' | 'failed';
  readonly reason: string | null;
  /** Waits that were too many to be kept. */
  readonly omitted: number;
}

export interface RunningLocks {
  state(): LockState;
  /** Since when one looks, Unix ms. */
  readonly sinceMs: number;
  pairs(fromMs: number, toMs: number): readonly LockPair[];
  close(): Promise<void>;
}

export interface LockWatchOptions {
  readonly dsn: string;
  readonly now: () => number;
  readonly log: (line: string) => void;
  readonly everyMs?: number;
}

const EVERY_MS = 5000;
/** After as many looks that failed, one of twice as many is tried, up to RESTS_MAX. */
const RESTS_MAX = 128;

export function watchLocks({ dsn, now, log, everyMs = EVERY_MS }: LockWatchOptions): RunningLocks {
  const seen = new LockLog();
  const sinceMs = now();
  let state: Omit<LockState, 'omitted'> = { state: 'off', reason: 'not looked at yet' };
  let session: LockSession | undefined;
  let rests = 0;
  let failures = 0;
  let running: Promise<void> | undefined;
  const ending = new AbortController();
  const { signal } = ending;
  const look = async (): Promise<void> => {
    try {
      session ??= await openLocks(dsn, signal);
      seen.add(await session.look(), now());
      failures = 0;
      const { missingRight: reason } = session;
      state = reason === undefined ? { state: 'ok', reason: null } : { state: 'denied', reason };
    } catch (error) {
      await session?.close();
      session = undefined;
      if (signal.aborted) return;
      failures += 1;
      rests = Math.min(RESTS_MAX, 2 ** failures);
      const { message: reason } = error as Error;
      if (error instanceof UntoldError) {
        clearInterval(timer);
        state = { state: 'off', reason };
        return;
      }
      if (reason !== state.reason) log(`tachograph collector: lock waits: ${reason}`);
      state = { state: 'failed', reason };
    }
  };
  const timer = setInterval(() => {
    if (rests > 0) rests -= 1;
    else {
      running ??= look().finally(() => {
        running = undefined;
      });
    }
  }, everyMs).unref();
  return {
    state: () => ({ ...state, omitted: seen.omitted }),
    sinceMs,
    pairs: (fromMs, toMs) => seen.pairs(fromMs, toMs),
    async close() {
      clearInterval(timer);
      // What a look would see is not worth the wait for it; a connection that rests can take its leave.
      if (running !== undefined) ending.abort();
      await running;
      await session?.close();
    },
  };
}
