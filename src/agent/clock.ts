/**
 * Time as it was before the application loaded. Fake clocks of test libraries replace the global
 * timers and `performance.now`: with theirs, durations would be wrong, and our timer, which sets
 * itself again, would keep a "run all timers" from ending. Any application thread; hot path.
 */

/** Monotonic, in ms with fractions. */
export const nowMs: () => number = performance.now.bind(performance);

const { setTimeout } = globalThis;

/** Runs `task` once. Never keeps the process alive. */
export function after(delayMs: number, task: () => void): void {
  setTimeout(task, delayMs).unref();
}
