/**
 * Whether a folder of the spool can be used by this account, by the agent's own rules. Writes one file
 * and removes it; changes nothing else.
 */
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { checkOwner } from '../../transport/spool-folder.js';
import { attention, type Finding, ok, trouble } from './finding.js';

/** A block, so that a full disk shows. */
const PROBE_BYTES = 4096;
const OTHER_FOLDER =
  'Run the doctor as the service’s account, give it the folder (chown), or set TACHOGRAPH_SPOOL_DIR. ' +
  'Batches wait in memory meanwhile, which is bounded.';

/** @param isRoot of all spools, which others may read and the administrator may own */
export function spoolFolderFinding(folder: string, isRoot: boolean): Finding {
  if (!isThere(folder)) return absent(folder);
  let mode: number;
  try {
    mode = checkOwner(folder, isRoot) & 0o7777;
  } catch (error) {
    return trouble('spool-folder', (error as Error).message, OTHER_FOLDER, { folder });
  }
  const user = process.getuid?.();
  const facts = { folder, mode: `0${mode.toString(8)}`, user };
  const failure = probe(folder);
  if (failure !== undefined) {
    const found = `it cannot be written: ${failure.message}`;
    return trouble('spool-folder', found, OTHER_FOLDER, { ...facts, code: failure.code });
  }
  const found = `it can be written; mode ${facts.mode}${user === undefined ? '' : `, user ${user}`}`;
  if (user === undefined || !isOpenToOthers(mode, isRoot)) return ok('spool-folder', found, facts);
  const todo = `chmod ${isRoot ? 'go-w' : 'go='} ${folder}`;
  return attention('spool-folder', `${found}: it is open to other accounts`, todo, facts);
}

/** Where the sticky bit is set, as on /tmp, others add their own and cannot touch ours. */
function isOpenToOthers(mode: number, isRoot: boolean): boolean {
  if (!isRoot) return (mode & 0o077) !== 0;
  return (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
}

/** A link that leads nowhere is there too, and in the way. */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** The nearest folder above that is there. */
export function existingFolder(folder: string): string {
  let path = folder;
  while (!isThere(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

/** The first process makes it, where it may. */
function absent(folder: string): Finding {
  const above = existingFolder(folder);
  try {
    // With a slash: a file in the way is no folder.
    accessSync(join(above, '/'), constants.W_OK | constants.X_OK);
    return ok('spool-folder', 'it is not there yet; the first process makes it', { folder });
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return trouble('spool-folder', `it cannot be made: ${message}`, OTHER_FOLDER, { folder, code });
  }
}

function probe(folder: string): NodeJS.ErrnoException | undefined {
  // No name of the spool's: a process that looks around passes over it.
  const path = join(folder, `doctor-${randomBytes(6).toString('hex')}.probe`);
  try {
    const file = openSync(path, 'wx', 0o600);
    try {
      writeSync(file, Buffer.alloc(PROBE_BYTES));
    } finally {
      closeSync(file);
      unlinkSync(path);
    }
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}
