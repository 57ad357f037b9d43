/** Host memory and swap from /proc/meminfo. Fast tier. */
import { reportHostMemory } from '../host-memory-report.js';
import { KernelFile } from './kernel-file.js';
import type { KernelContext, KernelReader } from './kernel-reader.js';
import { type Cursor, numberAfter } from './scan.js';

const BYTES_MAX = 4096;

const TOTAL = Buffer.from('MemTotal:');
const FREE = Buffer.from('MemFree:');
const AVAILABLE = Buffer.from('MemAvailable:');
const BUFFERS = Buffer.from('Buffers:');
const CACHED = Buffer.from('Cached:');
const RECLAIMABLE = Buffer.from('SReclaimable:');
const SWAP_TOTAL = Buffer.from('SwapTotal:');
const SWAP_FREE = Buffer.from('SwapFree:');

export function createHostMemory({ sink, root, scratch }: KernelContext): KernelReader {
  const file = new KernelFile(`${root}/proc/meminfo`, scratch, BYTES_MAX);
  return {
    sample() {
      const text = file.read();
      if (text === undefined) return;
      reportHostMemory(sink, {
        total: bytesAfter(text, TOTAL),
        free: bytesAfter(text, FREE),
        available: bytesAfter(text, AVAILABLE),
        buffers: bytesAfter(text, BUFFERS) || 0,
        cached: bytesAfter(text, CACHED),
        reclaimable: bytesAfter(text, RECLAIMABLE) || 0,
        swapTotal: bytesAfter(text, SWAP_TOTAL),
        swapFree: bytesAfter(text, SWAP_FREE),
      });
    },
    close: () => file.close(),
  };
}

/** /proc/meminfo says kB and means KiB. */
function bytesAfter(text: Cursor, key: Buffer): number {
  return numberAfter(text, key) * 1024;
}
