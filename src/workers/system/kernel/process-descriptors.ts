/**
 * Open file descriptors. Since Linux 6.2 the size of /proc/self/fd is their number, which costs one
 * `stat` (4 µs) however many there are: fast tier. Before, the folder has to be listed, which at
 * 10,000 sockets takes milliseconds: then it is done in the slow tier.
 */
import { readdirSync, statfsSync, statSync } from 'node:fs';
import { PROCESS_OPEN_FILE_DESCRIPTOR_COUNT } from '../../../shared/metrics.js';
import type { KernelContext, KernelReader } from './kernel-reader.js';

/** linux/magic.h */
const PROC_SUPER_MAGIC = 0x9fa0;

export function createProcessDescriptors(context: KernelContext): {
  readonly fast: KernelReader;
  readonly slow: KernelReader;
} {
  const { sink, root } = context;
  const folder = `${root}/proc/self/fd`;
  const isProc = isProcFileSystem(folder);
  const sizeIsCount = isProc && sizeOf(folder) > 0;

  return {
    fast: {
      sample() {
        if (sizeIsCount) sink.set(PROCESS_OPEN_FILE_DESCRIPTOR_COUNT, sizeOf(folder));
      },
      close() {},
    },
    slow: {
      sample() {
        if (sizeIsCount) return;
        try {
          // Of the real folder, one is the descriptor of the listing itself.
          const count = readdirSync(folder).length - (isProc ? 1 : 0);
          sink.set(PROCESS_OPEN_FILE_DESCRIPTOR_COUNT, count);
        } catch {
          // No such folder, or no descriptor left to list it with: not known this time.
        }
      },
      close() {},
    },
  };
}

/** NaN, which no sink records, when it cannot be read. */
function sizeOf(folder: string): number {
  try {
    return statSync(folder).size;
  } catch {
    return Number.NaN;
  }
}

function isProcFileSystem(folder: string): boolean {
  try {
    return statfsSync(folder).type === PROC_SUPER_MAGIC;
  } catch {
    return false;
  }
}
