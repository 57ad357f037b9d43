/**
 * The sampler's own source on Linux: kernel files, no child process, no library. Runs in the agent's
 * worker. Owns one scratch buffer and about a dozen descriptors, opened once.
 */
import type { Sink } from '../sink.js';
import { createConnections } from './kernel/connections.js';
import { createContainer } from './kernel/container.js';
import { createCpuCount } from './kernel/cpu-count.js';
import { createDisks } from './kernel/disks.js';
import { createFileSystems } from './kernel/file-systems.js';
import { createHostCpu } from './kernel/host-cpu.js';
import { createHostMemory } from './kernel/host-memory.js';
import { createInterfaces } from './kernel/interfaces.js';
import type { KernelContext } from './kernel/kernel-reader.js';
import { createLoadAverage } from './kernel/load-average.js';
import { createProcessDescriptors } from './kernel/process-descriptors.js';
import { createProcessDiskIo } from './kernel/process-disk-io.js';
import { createProcessMemory } from './kernel/process-memory.js';
import { createProcessThreads } from './kernel/process-threads.js';
import { createProcessUsage } from './process-usage.js';
import type { SystemSource } from './system-source.js';

/** Some 600 block devices or 450 interfaces; those behind are not seen. */
const SCRATCH_BYTES = 64 * 1024;

/** `root` is '/' or a folder with a `proc` and a `sys`; `clock` is monotonic, in milliseconds. */
export function createKernelSource(sink: Sink, root: string, clock: () => number): SystemSource {
  const context: KernelContext = {
    sink,
    root: root.replace(/\/+$/, ''),
    scratch: Buffer.alloc(SCRATCH_BYTES),
    clock,
  };
  const sampleProcessUsage = createProcessUsage(sink, clock);
  const container = createContainer(context);
  const descriptors = createProcessDescriptors(context);
  const fast = [
    createHostCpu(context),
    createHostMemory(context),
    createLoadAverage(context),
    createDisks(context),
    createInterfaces(context),
    createProcessMemory(context),
    createProcessThreads(context),
    createProcessDiskIo(context),
    descriptors.fast,
    container.fast,
  ];
  const slow = [
    container.slow,
    createCpuCount(context),
    createFileSystems(context),
    createConnections(context),
    descriptors.slow,
  ];

  return {
    sampleFast() {
      sampleProcessUsage();
      for (const reader of fast) reader.sample();
    },
    sampleSlow() {
      for (const reader of slow) reader.sample();
    },
    close() {
      for (const reader of fast) reader.close();
      for (const reader of slow) reader.close();
    },
  };
}
