/**
 * The container around the process: memory and CPU of its control group. Nothing is reported for a
 * process in the root group, which has no limit and whose numbers are the host's.
 */
import { createContainerCpu } from './container-cpu.js';
import { createContainerMemory } from './container-memory.js';
import type { KernelContext, KernelReader } from './kernel-reader.js';
import { MOUNTINFO_BYTES_MAX, parseMounts } from './mounts.js';
import { readText } from './read-text.js';

/** Twelve v1 hierarchies with paths of the longest kind (4 KiB). */
const MEMBERSHIP_BYTES_MAX = 64 * 1024;

/** `slow` looks again for the group and its limits; `fast` reads the numbers. */
export function createContainer(context: KernelContext): {
  readonly fast: KernelReader;
  readonly slow: KernelReader;
} {
  const { root } = context;
  const readers = [createContainerMemory(context), createContainerCpu(context)];

  const locate = (): void => {
    const membership = readText(`${root}/proc/self/cgroup`, MEMBERSHIP_BYTES_MAX);
    const mountinfo = readText(`${root}/proc/self/mountinfo`, MOUNTINFO_BYTES_MAX);
    if (membership === undefined || mountinfo === undefined) return;
    const mounts = parseMounts(mountinfo);
    for (const reader of readers) reader.locate(membership, mounts);
  };
  locate();

  return {
    fast: {
      sample() {
        for (const reader of readers) reader.sample();
      },
      close() {
        for (const reader of readers) reader.close();
      },
    },
    slow: { sample: locate, close() {} },
  };
}
