/**
 * Traffic of whole physical disks from /proc/diskstats. Fast tier. Partitions, loop devices, RAM
 * disks and stacked devices (dm, md) are left out: their bytes are those of the disks below, and a
 * sum over devices would count them twice.
 */
import { existsSync } from 'node:fs';
import {
  SYSTEM_DISK_IO,
  SYSTEM_DISK_IO_TIME,
  SYSTEM_DISK_OPERATIONS,
} from '../../../shared/metrics.js';
import type { Attributes } from '../../../transport/batch.js';
import { type CounterSeries, createCounterSeries } from '../counter-series.js';
import { createDeviceTable } from '../device-table.js';
import { KernelFile } from './kernel-file.js';
import type { KernelContext, KernelReader } from './kernel-reader.js';
import { hasWholeLine, nextLine, readNumber, readWord, skipFields } from './scan.js';

/** The unit of /proc/diskstats, whatever the sector of the device. */
const SECTOR_BYTES = 512;
const MICROSECONDS_PER_MS = 1000;

/** Floppies and CD drives: devices, but nobody's storage. */
const REMOVABLE = /^(fd|sr)\d+$/;
/** Where /sys is hidden, the names whole disks have; a partition of them has a further number. */
const WHOLE_DISK = /^(sd[a-z]+|vd[a-z]+|xvd[a-z]+|hd[a-z]+|dasd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/;

interface Disk {
  readonly reads: CounterSeries;
  readonly readBytes: CounterSeries;
  readonly writes: CounterSeries;
  readonly writtenBytes: CounterSeries;
  readonly busy: CounterSeries;
}

export function createDisks({ sink, root, scratch }: KernelContext): KernelReader {
  const file = new KernelFile(`${root}/proc/diskstats`, scratch);
  const blockFolder = `${root}/sys/block`;
  const hasBlockFolder = existsSync(blockFolder);

  const isWholeDisk = (name: string): boolean => {
    if (REMOVABLE.test(name)) return false;
    // Only a device of the hardware has this link; a partition is not in the folder at all. The
    // kernel writes a slash in a name as an exclamation mark.
    return hasBlockFolder
      ? existsSync(`${blockFolder}/${name.replaceAll('/', '!')}/device`)
      : WHOLE_DISK.test(name);
  };

  const disks = createDeviceTable(isWholeDisk, (name): Disk => {
    const device = ['system.device', name] as const;
    const read: Attributes = [['disk.io.direction', 'read'], device];
    const write: Attributes = [['disk.io.direction', 'write'], device];
    return {
      reads: createCounterSeries(sink, SYSTEM_DISK_OPERATIONS, 1, read),
      readBytes: createCounterSeries(sink, SYSTEM_DISK_IO, SECTOR_BYTES, read),
      writes: createCounterSeries(sink, SYSTEM_DISK_OPERATIONS, 1, write),
      writtenBytes: createCounterSeries(sink, SYSTEM_DISK_IO, SECTOR_BYTES, write),
      busy: createCounterSeries(sink, SYSTEM_DISK_IO_TIME, MICROSECONDS_PER_MS, [device]),
    };
  });

  return {
    sample() {
      const lines = file.read();
      if (lines === undefined || !hasWholeLine(lines)) return;
      do {
        skipFields(lines, 2);
        const disk = disks.find(readWord(lines));
        if (disk === undefined) continue;
        // Documentation/admin-guide/iostats.rst: reads, merged, sectors, ms; the same for writes;
        // in flight, ms busy.
        disk.reads(readNumber(lines));
        skipFields(lines, 1);
        disk.readBytes(readNumber(lines));
        skipFields(lines, 1);
        disk.writes(readNumber(lines));
        skipFields(lines, 1);
        disk.writtenBytes(readNumber(lines));
        skipFields(lines, 2);
        disk.busy(readNumber(lines));
      } while (nextLine(lines));
      disks.sweep();
    },
    close: () => file.close(),
  };
}
