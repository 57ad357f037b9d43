/**
 * What can wait until the application has loaded, so that it does not compete with its start: node:perf_hooks,
 * the first tick, the worker. No event tells of the first line of an ES module. But timers come before it only
 * where its files are read by promises, which shows; Node.js 22 and later reads them at once, and none comes.
 * Any application thread. Owns one timer, and waits LOOKS_MAX times at most: an application that reads files
 * by promises looks the same, and may be over soon.
 */
import { after, nowMs } from './clock.js';

const LOOK_MS = 50;
const LOOKS_MAX = 5;

/** `lateMs`: how much later than asked for the thread turned to the last look. */
export type AfterStartTask = (lateMs: number) => void;
/** Runs `task` once, in the order of the calls, LOOK_MS from the first call at the earliest. */
export type AfterStart = (task: AfterStartTask) => void;

/** @param isLoading whether the application still loads */
export function createAfterStart(isLoading: () => boolean = readsFiles): AfterStart {
  const waiting: AfterStartTask[] = [];
  const look = (looks: number): void => {
    const dueMs = nowMs() + LOOK_MS;
    after(LOOK_MS, () => {
      if (looks < LOOKS_MAX && isLoading()) {
        look(looks + 1);
        return;
      }
      const lateMs = Math.max(0, nowMs() - dueMs);
      for (const task of waiting.splice(0)) task(lateMs);
    });
  };
  return (task) => {
    waiting.push(task);
    if (waiting.length === 1) look(1);
  };
}

/** True while ES modules are loaded, or other files are read by promises. */
function readsFiles(): boolean {
  return process.getActiveResourcesInfo().includes('FSReqPromise');
}
