/** Time, injected wherever this room needs it, so that tests run hours in milliseconds. */

export type Cancel = () => void;

export interface Clock {
  /** Unix ms, by the wall clock. */
  nowMs(): number;
  /** Runs `task` once after `delayMs` of monotonic time. Never keeps the process alive. */
  after(delayMs: number, task: () => void): Cancel;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
