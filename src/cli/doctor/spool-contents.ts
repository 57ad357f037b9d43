/**
 * What lies in the spool of one destination, read without claiming or changing any of it. Processes may
 * add and remove files meanwhile: what is gone when it is looked at is not counted.
 * Bounded: FILES_MAX names, READ_BYTES_MAX of their contents.
 */
import { join } from 'node:path';
import { ownerOf } from '../../transport/spool-claim.js';
import { listNames, sizeOf } from '../../transport/spool-folder.js';
import { parseBatchName, parseOwned } from '../../transport/spool-name.js';
import { ownerLives } from '../../transport/spool-owner.js';
import { readSpoolFile } from '../../transport/spool-read.js';

/** Twice what a spool holds. */
const FILES_MAX = 20_000;
/** At 1 GB/s and with its checksum, half a second. */
const READ_BYTES_MAX = 256 * 1024 * 1024;

export interface Share {
  /** Processes by their pid and boot. */
  readonly owners: Set<string>;
  batches: number;
  records: number;
  bytes: number;
  /** Those whose last window is saved, in up to two checkpoints of the same. */
  readonly withOpenWindow: Set<string>;
  /** When the oldest batch was closed, Unix ms; infinite without one. */
  oldestMs: number;
}

export interface SpoolContents {
  /** Of processes that run. */
  readonly living: Share;
  /** Of processes that have ended. */
  readonly dead: Share;
  /** All that the limit of the spool bounds. */
  readonly bytes: number;
  readonly unreadable: readonly { readonly file: string; readonly why: string }[];
  /** False when there were too many bytes to read all. */
  readonly isAllRead: boolean;
  readonly refused: number;
  readonly damaged: number;
}

/** @throws what the system throws when the folder cannot be listed, or nothing in it read */
export function spoolContents(folder: string, nowMs: number): SpoolContents {
  const names = listNames(folder).slice(0, FILES_MAX);
  const lives = new Map<string, boolean>();
  const living = emptyShare();
  const dead = emptyShare();
  const unreadable: { file: string; why: string }[] = [];
  let bytes = 0;
  let readBytes = 0;
  for (const file of names) {
    const owner = ownerOf(file);
    const size = owner === undefined ? undefined : sizeOf(join(folder, file));
    if (owner === undefined || size === undefined) continue;
    if (!lives.has(owner)) lives.set(owner, ownerLives(folder, owner, nowMs));
    const share = lives.get(owner) ? living : dead;
    bytes += size;
    count(share, file, owner, size);
    // A living process replaces its checkpoint every second.
    if (!isRead(file, share === dead)) continue;
    readBytes += size;
    if (readBytes > READ_BYTES_MAX) continue;
    const why = readSpoolFile(join(folder, file));
    if (typeof why === 'string') unreadable.push({ file, why });
  }
  const isAllRead = readBytes <= READ_BYTES_MAX;
  const refused = asideIn(folder, 'refused');
  const damaged = asideIn(folder, 'damaged');
  return { living, dead, bytes, unreadable, isAllRead, refused, damaged };
}

function emptyShare(): Share {
  return {
    owners: new Set(),
    withOpenWindow: new Set(),
    batches: 0,
    records: 0,
    bytes: 0,
    oldestMs: Number.POSITIVE_INFINITY,
  };
}

function count(share: Share, file: string, owner: string, bytes: number): void {
  const batch = parseBatchName(file);
  if (batch !== undefined) {
    share.owners.add(owner);
    share.batches++;
    share.records += batch.records;
    share.bytes += bytes;
    share.oldestMs = Math.min(share.oldestMs, batch.closedMs);
  } else if (parseOwned(file)?.kind === 'slot') {
    share.owners.add(owner);
    share.withOpenWindow.add(owner);
  }
}

function isRead(file: string, isDead: boolean): boolean {
  return parseBatchName(file) !== undefined || (isDead && parseOwned(file)?.kind === 'slot');
}

/** Files that were set aside for people. */
function asideIn(folder: string, name: 'refused' | 'damaged'): number {
  try {
    return listNames(join(folder, name)).length;
  } catch {
    // There is none until the first is set aside.
    return 0;
  }
}
