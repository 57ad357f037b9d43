/** What the disk of the spool is worth: how long it keeps what is written, and the room that it has. */
import { statfsSync } from 'node:fs';
import { DISK_SHARE_MAX } from '../../transport/spool.js';
import { diskBytesLeft } from '../../transport/spool-folder.js';
import { formatBytes } from '../format-value.js';
import { attention, type Finding, ok, trouble } from './finding.js';

/** Below it not even a busy window's batch fits. */
const LEFT_BYTES_MIN = 1024 * 1024;

/** By the numbers of statfs(2). */
const PASSING: ReadonlyMap<number, readonly [how: string, better: string]> = new Map([
  [0x01021994, ['in memory (tmpfs), and is gone with a restart of the machine', 'a disk']],
  [0x858458f6, ['in memory (ramfs), and is gone with a restart of the machine', 'a disk']],
  [0x794c7630, ['in a container’s own layer, and is gone with the container', 'a volume']],
]);

/** @param bytes what the fullest of the destinations' spools holds */
export function spoolDiskFindings(folder: string, bytes: number, bytesMax: number): Finding[] {
  const findings: Finding[] = [];
  const { type } = statfsSync(folder);
  const passing = PASSING.get(type);
  if (passing !== undefined) {
    const [how, better] = passing;
    const todo = `Set TACHOGRAPH_SPOOL_DIR to a folder on ${better}, if that matters.`;
    findings.push(attention('spool-disk', `it lies ${how}`, todo, { type }));
  }
  findings.push(roomFinding(diskBytesLeft(folder), bytes, bytesMax));
  return findings;
}

/** Apart from the system's numbers, which a test cannot choose. */
export function roomFinding(leftBytes: number, bytes: number, bytesMax: number): Finding {
  const facts = { leftBytes, bytes, bytesMax };
  const left = `${formatBytes(leftBytes)} are left on its disk`;
  const elsewhere = 'Make room, or set TACHOGRAPH_SPOOL_DIR to another disk.';
  if (leftBytes < LEFT_BYTES_MIN) {
    return trouble('spool-disk', left, `${elsewhere} Until then batches wait in memory.`, facts);
  }
  const shareBytes = Math.floor(DISK_SHARE_MAX * (leftBytes + bytes));
  if (shareBytes < bytesMax) {
    const found = `${left}, which makes the spool ${formatBytes(shareBytes)} instead of ${formatBytes(bytesMax)}`;
    return attention('spool-disk', found, elsewhere, facts);
  }
  return ok(
    'spool-disk',
    `${left}; a destination’s spool takes at most ${formatBytes(bytesMax)}`,
    facts,
  );
}
