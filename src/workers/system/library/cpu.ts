/**
 * Host CPU from `currentLoad`, which reports what was added since its last call, in the milliseconds
 * of `os.cpus()`. Two things of the library are put right here: it counts steal in clock ticks
 * beside milliseconds, and it adds guest time, which user time contains, a second time. It knows
 * neither iowait nor softirq.
 */
import type { Systeminformation } from 'systeminformation';
import { SYSTEM_CPU_TIME, SYSTEM_CPU_UTILIZATION } from '../../../shared/metrics.js';
import type { Sink } from '../../sink.js';

const MICROSECONDS_PER_MS = 1000;
const MILLISECONDS_PER_TICK = 10;
/** Called again within 200 ms the library repeats its last answer, which would be counted twice. */
const BETWEEN_MS_MIN = 250;

/** The first sample sets the baseline: the library then reports its own priming interval. */
export function createLibraryCpu(
  sink: Sink,
  clock: () => number,
): (load: Systeminformation.CurrentLoadData) => void {
  let lastMs = Number.NaN;
  return (load) => {
    const nowMs = clock();
    const isRepeated = nowMs - lastMs < BETWEEN_MS_MIN;
    const isFirst = Number.isNaN(lastMs);
    if (isRepeated) return;
    lastMs = nowMs;
    if (isFirst) return;
    const added = {
      user: load.rawCurrentLoadUser,
      nice: load.rawCurrentLoadNice,
      system: load.rawCurrentLoadSystem,
      interrupt: load.rawCurrentLoadIrq,
      steal: load.rawCurrentLoadSteal * MILLISECONDS_PER_TICK,
      idle: load.rawCurrentLoadIdle,
    };
    // A processor taken away makes the sums run backwards.
    if (!Object.values(added).every((ms) => ms >= 0)) return;
    let all = 0;
    for (const [mode, ms] of Object.entries(added)) {
      all += ms;
      if (ms > 0) sink.add(SYSTEM_CPU_TIME, ms * MICROSECONDS_PER_MS, [['cpu.mode', mode]]);
    }
    if (all > 0) {
      const busy = all - added.idle;
      sink.set(SYSTEM_CPU_UTILIZATION, (busy / all) * SYSTEM_CPU_UTILIZATION.scale);
    }
  };
}
