/**
 * Bytes the process had fetched from and sent to storage, from /proc/self/io: what the page cache
 * answered is not in it. Absent where the kernel does not let a process read its own (hidepid,
 * non-dumpable). Fast tier.
 */
import { PROCESS_DISK_IO } from '../../../shared/metrics.js';
import { createCounterSeries } from '../counter-series.js';
import { KernelFile } from './kernel-file.js';
import type { KernelContext, KernelReader } from './kernel-reader.js';
import { numberAfter } from './scan.js';

const BYTES_MAX = 512;
const READ = Buffer.from('read_bytes:');
const WRITE = Buffer.from('write_bytes:');

export function createProcessDiskIo({ sink, root, scratch }: KernelContext): KernelReader {
  const file = new KernelFile(`${root}/proc/self/io`, scratch, BYTES_MAX);
  const read = createCounterSeries(sink, PROCESS_DISK_IO, 1, [['disk.io.direction', 'read']]);
  const written = createCounterSeries(sink, PROCESS_DISK_IO, 1, [['disk.io.direction', 'write']]);
  return {
    sample() {
      const text = file.read();
      if (text === undefined) return;
      read(numberAfter(text, READ));
      written(numberAfter(text, WRITE));
    },
    close: () => file.close(),
  };
}
