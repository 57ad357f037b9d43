/**
 * Reads files that people name or may change: configuration, secrets, authorities, a collector's tokens.
 * Any thread, the application's before its first line too, so it is bounded: a regular file of at most
 * FILE_BYTES_MAX, never a pipe or device that would make the program wait.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

const FILE_BYTES_MAX = 1024 * 1024;

/** @throws {Error} when it cannot be opened, is not a regular file, or is too large. */
export function readSmallFile(path: string): string {
  // Opening a pipe without a writer would wait for one.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error('not a regular file');
    if (stat.size > FILE_BYTES_MAX) {
      throw new Error(`${stat.size} bytes, more than ${FILE_BYTES_MAX}`);
    }
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}
