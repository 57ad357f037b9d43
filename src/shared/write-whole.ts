/**
 * Writes a small file so that it is there as a whole or not at all. Synchronous: it runs in the agent's
 * worker, on files of 10 to 100 KB, and in commands. One writer a path, for the other name is derived from
 * it. It throws what the system throws, and leaves nothing behind.
 */
import {
  closeSync,
  fchownSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Whose the file becomes; only the system's administrator may say another than himself. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Under another name, then renamed: who reads meanwhile sees the old file or the new one.
 * @param durable waits until the disk has it
 */
export function writeWhole(path: string, bytes: Uint8Array, durable: boolean, owner?: Owner): void {
  const temporary = `${path}.tmp`;
  try {
    rmSync(temporary, { force: true });
    writeNew(temporary, bytes, durable, owner);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (durable) syncFolder(dirname(path));
}

function writeNew(path: string, bytes: Uint8Array, durable: boolean, owner?: Owner): void {
  // 'wx': a link that someone laid there is not followed.
  const file = openSync(path, 'wx', 0o600);
  try {
    if (owner !== undefined) fchownSync(file, owner.uid, owner.gid);
    // A disk that gets full takes a part and says how much.
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    if (durable) fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Waits until the disk has the names in a folder. */
export function syncFolder(folder: string): void {
  // Windows cannot open a folder; its journal keeps renames.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
