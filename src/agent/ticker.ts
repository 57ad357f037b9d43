/**
 * The agent's only timer on an application thread: it says that the event loop turns, measures how
 * late it is, and at a slower beat runs the samplers. Unref'd: it keeps no process alive.
 *
 * How late a timer fires is what any callback of the thread waits for its turn, so the delay is
 * measured by the timer itself rather than by a second, native one (monitorEventLoopDelay, 0.3–0.5 %
 * of a core at 10 ms). A callback that comes late is followed by the next at the full interval: the
 * samples are those of a random visitor. While the thread idles, visitors are few, and so are ticks.
 * The first comes once the application has loaded, and says how late that was.
 */
import type { AfterStart } from './after-start.js';
import { after, nowMs } from './clock.js';
import { guarded, guardedCall, type Warn } from './guarded.js';
import { createLoopUtilization } from './loop-utilization.js';

/** Between ticks while the thread works. */
export const BUSY_INTERVAL_MS = 50;
/** Between ticks while it idles: a wake-up from deep sleep costs 100–200 µs. */
const IDLE_INTERVAL_MS = 1000;
/** A thread that used more of the time since the last tick than this is at work. */
const BUSY_SHARE = 0.02;

export interface Ticker {
  /** Called each tick. */
  onTick(task: () => void): void;
  /** Called each sample interval. */
  onSample(sample: () => void): void;
  /** Called each tick with the delay in µs. */
  onDelay(observe: (delayUs: number) => void): void;
  /**
   * Called at the ticker's start and at the end of each tick: how many ms it came too late, and when, by
   * the monotonic clock, the next one is due.
   */
  onBeat(beat: (lateMs: number, dueMs: number) => void): void;
}

export function startTicker(sampleIntervalMs: number, afterStart: AfterStart, warn: Warn): Ticker {
  const tasks: (() => void)[] = [];
  const samplers: (() => void)[] = [];
  let observeDelay: (delayUs: number) => void = () => {};
  let beat: (lateMs: number, dueMs: number) => void = () => {};
  let nextSampleMs = nowMs() + sampleIntervalMs;
  let dueMs = 0;
  const utilization = createLoopUtilization();

  const schedule = (intervalMs: number): void => {
    dueMs = nowMs() + intervalMs;
    after(intervalMs, tick);
  };
  const tick = (): void => {
    const tickMs = nowMs();
    const lateMs = Math.max(0, tickMs - dueMs);
    for (const task of tasks) task();
    observeDelay(Math.round(lateMs * 1000));
    if (tickMs >= nextSampleMs) {
      nextSampleMs = tickMs + sampleIntervalMs;
      for (const sample of samplers) sample();
    }
    schedule(utilization() > BUSY_SHARE ? BUSY_INTERVAL_MS : IDLE_INTERVAL_MS);
    beat(lateMs, dueMs);
  };
  afterStart((lateMs) => {
    observeDelay(Math.round(lateMs * 1000));
    schedule(BUSY_INTERVAL_MS);
    beat(lateMs, dueMs);
  });

  return {
    onTick: (task) => tasks.push(guardedCall('tick', warn, task)),
    onSample: (sample) => samplers.push(guardedCall('sample', warn, sample)),
    onDelay: (observe) => {
      observeDelay = guarded('event-loop', warn, observe);
    },
    onBeat(listener) {
      beat = guardedCall('beat', warn, listener);
    },
  };
}
