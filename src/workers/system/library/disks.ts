/**
 * Disk traffic from `disksIO` (operations of all disks) and `fsStats` (bytes of those with a mounted
 * file system): sums, because the library does not tell devices apart.
 */
import type { Systeminformation } from 'systeminformation';
import { SYSTEM_DISK_IO, SYSTEM_DISK_OPERATIONS } from '../../../shared/metrics.js';
import type { Attributes } from '../../../transport/batch.js';
import type { Sink } from '../../sink.js';
import { createCounterSeries } from '../counter-series.js';

/** In parentheses, so that no device has this name. */
const ALL_DEVICES = '(all)';

const READ: Attributes = [
  ['disk.io.direction', 'read'],
  ['system.device', ALL_DEVICES],
];
const WRITE: Attributes = [
  ['disk.io.direction', 'write'],
  ['system.device', ALL_DEVICES],
];

/** Both are null where the library does not know the platform (Windows, Solaris). */
export function createLibraryDisks(
  sink: Sink,
): (
  operations: Systeminformation.DisksIoData | null,
  bytes: Systeminformation.FsStatsData | null,
) => void {
  const reads = createCounterSeries(sink, SYSTEM_DISK_OPERATIONS, 1, READ);
  const writes = createCounterSeries(sink, SYSTEM_DISK_OPERATIONS, 1, WRITE);
  const readBytes = createCounterSeries(sink, SYSTEM_DISK_IO, 1, READ);
  const writtenBytes = createCounterSeries(sink, SYSTEM_DISK_IO, 1, WRITE);

  return (operations, bytes) => {
    // A reading that failed comes as zeros. As totals they would be a restart, and the next good
    // reading would count everything since the boot.
    if (operations !== null && operations.tIO > 0) {
      reads(operations.rIO);
      writes(operations.wIO);
    }
    if (bytes !== null && bytes.tx > 0) {
      readBytes(bytes.rx);
      writtenBytes(bytes.wx);
    }
  };
}
