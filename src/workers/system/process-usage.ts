/**
 * What Node itself knows about the process, on every platform: CPU time of all threads and uptime.
 * `process.cpuUsage()` asks getrusage for the whole process, in a worker thread as well.
 */
import { PROCESS_CPU_TIME, PROCESS_CPU_UTILIZATION, PROCESS_UPTIME } from '../../shared/metrics.js';
import type { Sink } from '../sink.js';
import { createCounterSeries } from './counter-series.js';

const MICROSECONDS_PER_MS = 1000;

/** `clock` is monotonic, in milliseconds. The returned function takes one sample. */
export function createProcessUsage(sink: Sink, clock: () => number): () => void {
  const user = createCounterSeries(sink, PROCESS_CPU_TIME, 1, [['cpu.mode', 'user']]);
  const system = createCounterSeries(sink, PROCESS_CPU_TIME, 1, [['cpu.mode', 'system']]);
  let lastMs = Number.NaN;

  return () => {
    const nowMs = clock();
    const usage = process.cpuUsage();
    const busyUs = user(usage.user) + system(usage.system);
    const wallUs = (nowMs - lastMs) * MICROSECONDS_PER_MS;
    lastMs = nowMs;
    if (wallUs > 0 && busyUs >= 0) {
      sink.set(PROCESS_CPU_UTILIZATION, (busyUs / wallUs) * PROCESS_CPU_UTILIZATION.scale);
    }
    sink.set(PROCESS_UPTIME, process.uptime());
  };
}
