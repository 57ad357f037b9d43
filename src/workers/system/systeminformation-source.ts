/**
 * The source on every platform but Linux, and on Linux by choice: the library `systeminformation`.
 * Runs in the agent's worker. The library is loaded at the first sample, because it costs 10 MB, and
 * it starts child processes for much of what it reads: disks and interfaces are therefore read in
 * every `SPAWNING_ROUNDS`th fast round only. What it knows less of than the kernel files is in
 * docs/internals/system-sampler.md.
 *
 * Never called, for their security history: networkInterfaces, versions, wifi, services. On Windows
 * networkStats calls the first of them, so there are no network metrics there.
 */
import { loadavg, networkInterfaces } from 'node:os';
import {
  PROCESS_MEMORY_USAGE,
  SYSTEM_CPU_LOAD_AVERAGE_1M,
  SYSTEM_CPU_LOAD_AVERAGE_5M,
  SYSTEM_CPU_LOAD_AVERAGE_15M,
  SYSTEM_CPU_LOGICAL_COUNT,
} from '../../shared/metrics.js';
import type { Sink } from '../sink.js';
import { FILE_SYSTEMS_MAX, reportFileSystem } from './file-system-report.js';
import { reportHostMemory } from './host-memory-report.js';
import { createLibraryConnections } from './library/connections.js';
import { createLibraryCpu } from './library/cpu.js';
import { createLibraryDisks } from './library/disks.js';
import { createLibraryNetwork } from './library/network.js';
import { createProcessUsage } from './process-usage.js';
import type { SystemSource } from './system-source.js';

/** Shells are started once in ten seconds, a window, not once in two. */
const SPAWNING_ROUNDS = 5;

const LOAD_AVERAGES = [
  SYSTEM_CPU_LOAD_AVERAGE_1M,
  SYSTEM_CPU_LOAD_AVERAGE_5M,
  SYSTEM_CPU_LOAD_AVERAGE_15M,
] as const;

/** `clock` is monotonic, in milliseconds. */
export function createSysteminformationSource(sink: Sink, clock: () => number): SystemSource {
  const sampleProcessUsage = createProcessUsage(sink, clock);
  const sampleCpu = createLibraryCpu(sink, clock);
  const sampleDisks = createLibraryDisks(sink);
  const sampleNetwork = createLibraryNetwork(sink);
  const sampleConnections = createLibraryConnections(sink);
  const isWindows = process.platform === 'win32';
  let round = 0;

  return {
    async sampleFast() {
      sampleProcessUsage();
      sink.set(PROCESS_MEMORY_USAGE, process.memoryUsage.rss());
      if (!isWindows) reportLoadAverages(sink);
      const library = await import('systeminformation');
      const memory = await library.mem();
      reportHostMemory(sink, {
        total: memory.total,
        free: memory.free,
        available: memory.available,
        buffers: memory.buffers,
        cached: memory.cached,
        reclaimable: memory.reclaimable,
        swapTotal: memory.swaptotal,
        swapFree: memory.swapfree,
      });
      sampleCpu(await library.currentLoad());
      if (round++ % SPAWNING_ROUNDS !== 0) return;
      sampleDisks(await library.disksIO(), await library.fsStats());
      // Named one by one: without names, or with '*', the library looks them up by itself.
      const names = Object.keys(networkInterfaces()).join(',');
      if (!isWindows && names !== '') sampleNetwork(await library.networkStats(names));
    },
    async sampleSlow() {
      const library = await import('systeminformation');
      sink.set(SYSTEM_CPU_LOGICAL_COUNT, (await library.cpu()).cores);
      const fileSystems = await library.fsSize();
      for (const { mount, size, used, available } of fileSystems.slice(0, FILE_SYSTEMS_MAX)) {
        const reserved = Math.max(0, size - used - available);
        reportFileSystem(sink, { mountPoint: mount, used, free: available, reserved });
      }
      sampleConnections(await library.networkConnections());
    },
    close() {},
  };
}

function reportLoadAverages(sink: Sink): void {
  const averages = loadavg();
  for (const [i, metric] of LOAD_AVERAGES.entries()) {
    sink.set(metric, (averages[i] ?? Number.NaN) * metric.scale);
  }
}
