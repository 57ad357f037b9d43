/**
 * The agent's only timer on an application thread: it says that the event loop turns, measures how
 * late it is, and at a slower beat runs the samplers. Unref'd: it keeps no process alive.
 *
 * How late a timer fires is what any callback of the thread waits for its turn, so the delay is
 * measured by the timer itself rather than by a second, native one (monitorEventLoopDelay, 0.3–0.5 %
 * of a core at 10 ms). A callback that comes late is followed by the next at the full interval: the
 * samples are those of a random visitor, not more of them when the loop is busy.
 */

/** 20 wake-ups a second: docs/internals/performance.md has what the intervals cost. */
export const TICK_INTERVAL_MS = 50;

export interface Ticker {
  /** Called each sample interval. */
  onSample(sample: () => void): void;
  /** Called each tick with the delay in µs. */
  onDelay(observe: (delayUs: number) => void): void;
}

export function startTicker(beat: () => void, sampleIntervalMs: number): Ticker {
  const samplers: (() => void)[] = [];
  let observeDelay: (delayUs: number) => void = () => {};
  let nextSampleMs = performance.now() + sampleIntervalMs;
  let dueMs = performance.now() + TICK_INTERVAL_MS;

  const tick = (): void => {
    const nowMs = performance.now();
    beat();
    observeDelay(Math.max(0, Math.round((nowMs - dueMs) * 1000)));
    if (nowMs >= nextSampleMs) {
      nextSampleMs = nowMs + sampleIntervalMs;
      for (const sample of samplers) sample();
    }
    dueMs = performance.now() + TICK_INTERVAL_MS;
    timer.refresh();
  };
  const timer = setTimeout(tick, TICK_INTERVAL_MS);
  timer.unref();

  return {
    onSample: (sample) => samplers.push(sample),
    onDelay: (observe) => {
      observeDelay = observe;
    },
  };
}
