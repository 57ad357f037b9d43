/**
 * Time as it was before the application loaded. Fake clocks of test libraries replace the global
 * timers and `process.hrtime`: with theirs, durations would be wrong, and our timer, which sets
 * itself again, would keep a "run all timers" from ending. Any application thread; hot path.
 */
import { processNowMs } from '../shared/process-clock.js';

/** Monotonic ms with fractions, alike on all threads of the process; its origin is the system's. */
export const nowMs: () => number = processNowMs;

const { now } = Date;

/**
 * Unix ms of a moment of the monotonic clock, by the wall clock as it is now: one that was set since the
 * start, or a machine that slept, must not date what happens by the clock of then.
 */
export function wallTimeMs(atMs: number): number {
  return now() - (nowMs() - atMs);
}

const { setTimeout } = globalThis;

/** Runs `task` once. Never keeps the process alive. */
export function after(delayMs: number, task: () => void): void {
  setTimeout(task, delayMs).unref();
}
