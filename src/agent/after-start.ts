/**
 * What can wait until the application has loaded, so that it does not compete with its start: node:perf_hooks,
 * the first tick, the worker. No event tells of the first line of an ES module. But timers come before it only
 * while its files are read, which shows; where Node.js reads them at once (22 and later), none comes at all.
 * Any application thread. Owns one timer, and waits LOOKS_MAX times at most.
 */
import { after } from './clock.js';

const LOOK_MS = 50;
/** An application that reads files all the time has loaded, too. */
const LOOKS_MAX = 20;

let waiting: (() => void)[] | undefined;

/** Runs `task` once, in the order of the calls, 50 ms from the first call at the earliest. */
export function afterStart(task: () => void): void {
  if (waiting === undefined) {
    waiting = [];
    wait(1);
  }
  waiting.push(task);
}

function wait(looks: number): void {
  after(LOOK_MS, () => {
    if (looks < LOOKS_MAX && isLoading()) {
      wait(looks + 1);
      return;
    }
    const tasks = waiting ?? [];
    waiting = undefined;
    for (const task of tasks) task();
  });
}

/** While ES modules are loaded, or promised files. */
function isLoading(): boolean {
  return process.getActiveResourcesInfo().includes('FSReqPromise');
}
