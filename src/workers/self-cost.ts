/**
 * What the agent itself costs, always on the dashboard: CPU of this thread by the kernel's own
 * account, heap and buffers of this isolate. The application thread's share is estimated there
 * (src/agent/probes/http-server.ts) and comes through the ring.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { AGENT_CPU_TIME, AGENT_CPU_UTILIZATION, AGENT_MEMORY_USAGE } from '../shared/metrics.js';
import { processNowMs } from '../shared/process-clock.js';
import type { Sink } from './sink.js';

export interface SelfCost {
  sample(): void;
}

export function createSelfCost(sink: Sink): SelfCost {
  const readCpuNs = threadCpuReader();
  let lastCpuNs = readCpuNs() ?? 0;
  let lastMs = processNowMs();
  return {
    sample() {
      // Not by node:v8, which takes 1.6 MB to load.
      const { heapTotal, external } = process.memoryUsage();
      sink.set(AGENT_MEMORY_USAGE, heapTotal + external);
      const cpuNs = readCpuNs();
      if (cpuNs === undefined) return;
      const nowMs = processNowMs();
      const spentUs = (cpuNs - lastCpuNs) / 1000;
      sink.add(AGENT_CPU_TIME, spentUs, [['thread.name', 'worker']]);
      const share = spentUs / 1000 / (nowMs - lastMs);
      sink.set(AGENT_CPU_UTILIZATION, share * AGENT_CPU_UTILIZATION.scale);
      lastCpuNs = cpuNs;
      lastMs = nowMs;
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
