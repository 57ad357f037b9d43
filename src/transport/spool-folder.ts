/**
 * The file-system calls of the spool. All of them are synchronous: they run in the agent's worker,
 * on files of 10 to 100 KB. They throw what the system throws; the callers decide.
 */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../shared/make-folder.js';
import { isFaultOfFile } from './file-fault.js';

/**
 * Makes the spool's root if need be and checks that only we or the system's administrator can change
 * what lies in it. It may be a folder that others read.
 * @throws {Error} when it is a link, belongs to another user, or cannot be made
 */
export function openRoot(root: string): void {
  makeFolder(root, 0o700);
  checkOwner(root, true);
}

/**
 * Makes `folder` if need be and checks that it is a folder of ours alone: others could read what we
 * send, or have us write through a link.
 * @throws {Error} when it is a link, belongs to another user, or cannot be made
 */
export function openFolder(folder: string): void {
  makeFolder(folder, 0o700);
  const mode = checkOwner(folder, false);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/**
 * That nobody but us (or the system's administrator) can change what lies in `folder`. Changes nothing.
 * @returns the folder's mode
 * @throws {Error} when it is a link, belongs to another user, or is not there
 */
export function checkOwner(folder: string, adminToo: boolean): number {
  const stat = lstatSync(folder);
  if (!stat.isDirectory()) {
    throw new Error(`spool ${folder}: expected a folder, got a link or file`);
  }
  const uid = process.getuid?.();
  if (uid !== undefined && stat.uid !== uid && !(adminToo && stat.uid === 0)) {
    throw new Error(`spool ${folder}: expected a folder of user ${uid}, got one of ${stat.uid}`);
  }
  return stat.mode;
}

/** Waits until the disk has a file that was written before. One that is gone needs no waiting. */
export function syncFile(path: string): void {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Bytes of a file, 0 when they cannot be told; undefined when it is gone. Follows no link. */
export function sizeOf(path: string): number | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.size;
  } catch (error) {
    if (!isFaultOfFile(error)) throw error;
    return 0;
  }
}

/** Whether the file was there and is not any more. */
export function removeFile(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Removes what nobody needs; a file that will not go stays, and holds up no other. */
export function removeIfPossible(path: string): void {
  try {
    removeFile(path);
  } catch (error) {
    if (!isFaultOfFile(error)) throw error;
  }
}

/** Whether the file was there: of two processes that rename it, one is told yes. */
export function renameFile(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** The same, and false for a file that will not be renamed, which holds up no other. */
export function renameIfPossible(from: string, to: string): boolean {
  try {
    return renameFile(from, to);
  } catch (error) {
    if (!isFaultOfFile(error)) throw error;
    return false;
  }
}

export function listNames(folder: string): string[] {
  return readdirSync(folder);
}

/**
 * Moves a file to a folder beside it for people to look at, which keeps at most `bytesMax`: the
 * oldest there go first.
 */
export function setAside(folder: string, name: string, where: string, bytesMax: number): void {
  const aside = join(folder, where);
  openFolder(aside);
  renameFile(join(folder, name), join(aside, name));
  const kept = readdirSync(aside)
    .map((kin) => ({ path: join(aside, kin), stat: lstatSync(join(aside, kin)) }))
    .sort((a, b) => b.stat.ctimeMs - a.stat.ctimeMs);
  let bytes = 0;
  for (const { path, stat } of kept) {
    bytes += stat.size;
    if (bytes > bytesMax) rmSync(path, { recursive: true, force: true });
  }
}

/** Bytes that are left on the disk of `folder` for users like us. */
export function diskBytesLeft(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
