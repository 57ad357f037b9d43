/**
 * Resident and virtual size from /proc/self/statm: a quarter of the cost of `process.memoryUsage()`.
 * Fast tier.
 */
import { PROCESS_MEMORY_USAGE, PROCESS_MEMORY_VIRTUAL } from '../../../shared/metrics.js';
import { KernelFile } from './kernel-file.js';
import type { KernelContext, KernelReader } from './kernel-reader.js';
import { readKernelUnits } from './kernel-units.js';
import { readNumber } from './scan.js';

const BYTES_MAX = 256;

export function createProcessMemory({ sink, root, scratch }: KernelContext): KernelReader {
  const file = new KernelFile(`${root}/proc/self/statm`, scratch, BYTES_MAX);
  const { pageBytes } = readKernelUnits(root);
  return {
    sample() {
      const text = file.read();
      if (text === undefined) return;
      sink.set(PROCESS_MEMORY_VIRTUAL, readNumber(text) * pageBytes);
      sink.set(PROCESS_MEMORY_USAGE, readNumber(text) * pageBytes);
    },
    close: () => file.close(),
  };
}
