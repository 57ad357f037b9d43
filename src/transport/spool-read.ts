/**
 * Reads one file of the spool, a batch or a checkpoint slot. Runs in the agent's worker. Never waits
 * (a pipe is not opened) and never follows a link. Bounded by SPOOL_FILE_BYTES_MAX.
 */
import { lstatSync, readFileSync } from 'node:fs';
import { isFaultOfFile } from './file-fault.js';
import type { Parcel } from './sender.js';
import { decodeSpoolFile, SPOOL_FILE_BYTES_MAX } from './spool-file.js';

/**
 * The parcel; the sentence that says why there is none to be had from this file; undefined when the
 * file is gone.
 * @throws what the system throws when it is not the fault of this file
 */
export function readSpoolFile(
  path: string,
  read: (path: string) => Uint8Array = readFileSync,
): Parcel | string | undefined {
  try {
    const stat = lstatSync(path);
    if (!stat.isFile()) return 'expected a file, got a folder, link, pipe or device';
    if (stat.size > SPOOL_FILE_BYTES_MAX) {
      return `expected at most ${SPOOL_FILE_BYTES_MAX} bytes, got ${stat.size}`;
    }
    return decodeSpoolFile(read(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (!isFaultOfFile(error)) throw error;
    return (error as Error).message;
  }
}
