/**
 * How fast the advisor asks a database for plans: a token bucket that holds one token, so that there is
 * never a burst. Owned by one run; the clock is injected.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface PaceClock {
  /** Ms that only go forward. */
  readonly nowMs: () => number;
  /** May reject when `signal` is aborted. */
  readonly sleepMs: (delayMs: number, signal?: AbortSignal) => Promise<void>;
}

export const SYSTEM_CLOCK: PaceClock = {
  nowMs: () => performance.now(),
  sleepMs: (delayMs, signal) => sleep(delayMs, undefined, { signal }),
};

/** Resolves when the next plan may be asked for. */
export type Pace = () => Promise<void>;

/**
 * @param perSecond plans a second, which may be less than one
 * @param signal ends what sleeps
 */
export function createPace(
  perSecond: number,
  { nowMs, sleepMs }: PaceClock,
  signal?: AbortSignal,
): Pace {
  const everyMs = 1000 / perSecond;
  let nextMs = nowMs();
  return async () => {
    const waitMs = nextMs - nowMs();
    nextMs = Math.max(nextMs, nowMs()) + everyMs;
    if (waitMs > 0) await sleepMs(waitMs, signal);
  };
}
