/**
 * Makes a folder and those above it. Node's own `mkdirSync` with `recursive` never returns where a
 * folder exists that nothing can be made in (`/proc/x`: mkdir says ENOENT there, which it takes for a
 * missing parent, again and again).
 */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** @throws {Error} as `mkdirSync` does; a folder that is there is no error, a file is. */
export function makeFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    const parent = dirname(path);
    const isParentMissing = statSync(parent, { throwIfNoEntry: false }) === undefined;
    if (code !== 'ENOENT' || !isParentMissing || parent === path) throw error;
    makeFolder(parent, mode);
    // Another process may have made it meanwhile.
    makeFolder(path, mode);
  }
}
