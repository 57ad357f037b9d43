/**
 * Time as it was before the application loaded. Fake clocks of test libraries replace the global
 * timers and `performance.now`: with theirs, durations would be wrong, and our timer, which sets
 * itself again, would keep a "run all timers" from ending. Any application thread; hot path.
 */
import { processClockOffsetMs } from '../shared/process-clock.js';

/** Monotonic, in ms with fractions. */
export const nowMs: () => number = performance.now.bind(performance);

/** Unix ms, with fractions, at which this thread's monotonic clock was 0. */
export const TIME_ORIGIN_MS: number = performance.timeOrigin;

/** What makes this thread's monotonic time the process's. */
export const PROCESS_CLOCK_OFFSET_MS: number = processClockOffsetMs();

const { now } = Date;

/**
 * Unix ms of a moment of the monotonic clock, by the wall clock as it is now: one that was set since the
 * start, or a machine that slept, must not date what happens by the clock of then.
 */
export function wallTimeMs(atMs: number): number {
  return now() - (nowMs() - atMs);
}

/** How much of its time the thread was active, since it began or between two readings. */
export const eventLoopUtilization: typeof performance.eventLoopUtilization =
  performance.eventLoopUtilization.bind(performance);

const { setTimeout } = globalThis;

/** Runs `task` once. Never keeps the process alive. */
export function after(delayMs: number, task: () => void): void {
  setTimeout(task, delayMs).unref();
}
