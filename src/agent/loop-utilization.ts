/** How much of its time a thread's event loop was active. Any application thread; loads node:perf_hooks. */
import { perfHooks } from './late-builtins.js';

type Use = ReturnType<typeof performance.eventLoopUtilization>;

/** Returns what reads the share, 0 to 1, since its last call; the first time since the loop began. */
export function createLoopUtilization(): () => number {
  let last: Use | undefined;
  return () => {
    const { performance: clock } = perfHooks();
    const use = clock.eventLoopUtilization();
    const { utilization } = last === undefined ? use : clock.eventLoopUtilization(use, last);
    last = use;
    return utilization;
  };
}
