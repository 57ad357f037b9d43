/**
 * What the agent itself costs, always on the dashboard: CPU of this thread by the kernel's own
 * account, heap and buffers of this isolate. The application thread's share is estimated there
 * (src/agent/probes/http-server.ts) and comes through the ring.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { AGENT_CPU_TIME, AGENT_CPU_UTILIZATION, AGENT_MEMORY_USAGE } from '../shared/metrics.js';
import type { Sink } from './sink.js';

export interface SelfCost {
  sample(): void;
}

/** @param nowMs monotonic */
export function createSelfCost(sink: Sink, nowMs: () => number): SelfCost {
  const readCpuNs = threadCpuReader();
  let countedNs = readCpuNs() ?? 0;
  let shareFromNs = countedNs;
  let shareFromMs = nowMs();
  let isStart = true;
  return {
    sample() {
      // Not by node:v8, which takes 1.6 MB to load.
      const { heapTotal, external } = process.memoryUsage();
      sink.set(AGENT_MEMORY_USAGE, heapTotal + external);
      const cpuNs = readCpuNs();
      if (cpuNs === undefined) return;
      sink.add(AGENT_CPU_TIME, (cpuNs - countedNs) / 1000, [['thread.name', 'worker']]);
      countedNs = cpuNs;
      // Over the few ms of the start, which are all work, a share would count as much as that of the seconds
      // between samples, of which they are made a part.
      if (!isStart) {
        const atMs = nowMs();
        const share = (cpuNs - shareFromNs) / 1e6 / (atMs - shareFromMs);
        sink.set(AGENT_CPU_UTILIZATION, share * AGENT_CPU_UTILIZATION.scale);
        shareFromNs = cpuNs;
        shareFromMs = atMs;
      }
      isStart = false;
    },
  };
}

/**
 * CPU time of the calling thread in ns: Linux's schedstat, elsewhere Node's own where it has it
 * (`process.threadCpuUsage`, Node ≥ 22.19), else nothing.
 */
function threadCpuReader(): () => number | undefined {
  const { threadCpuUsage } = process as {
    threadCpuUsage?: () => { user: number; system: number };
  };
  try {
    // Kept open: /proc/thread-self is resolved once, by this thread.
    const file = openSync('/proc/thread-self/schedstat', 'r');
    const buffer = Buffer.alloc(64);
    const read = (): number => {
      const bytes = readSync(file, buffer, 0, buffer.length, 0);
      return Number(buffer.toString('latin1', 0, bytes).split(' ')[0]);
    };
    if (read() > 0) return read;
    closeSync(file);
  } catch {
    // Not Linux, or /proc is not mounted.
  }
  if (threadCpuUsage === undefined) return () => undefined;
  return () => {
    const { user, system } = threadCpuUsage.call(process);
    return (user + system) * 1000;
  };
}
