/** How many processors are online, from the `cpuN` lines of /proc/stat. Slow tier. */
import { SYSTEM_CPU_LOGICAL_COUNT } from '../../../shared/metrics.js';
import type { KernelContext, KernelReader } from './kernel-reader.js';
import { readText } from './read-text.js';

/** 4,096 processors at 60 to 100 bytes a line. */
const BYTES_MAX = 512 * 1024;

export function createCpuCount({ sink, root }: KernelContext): KernelReader {
  return {
    sample() {
      const count = readText(`${root}/proc/stat`, BYTES_MAX)?.match(/^cpu\d+ /gm)?.length;
      if (count !== undefined) sink.set(SYSTEM_CPU_LOGICAL_COUNT, count);
    },
    close() {},
  };
}
