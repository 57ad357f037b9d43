/** Destinations that are no server: a file, which must be one that can be written, and standard output. */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FileDestination, StdoutDestination } from '../../transport/destination.js';
import { formatBytes } from '../format-value.js';
import { type Finding, ok, type Section, trouble } from './finding.js';

export function checkOutput(destination: FileDestination | StdoutDestination): Section {
  const title = `Destination ${destination.label}`;
  if (destination.kind === 'file') return { title, findings: [fileFinding(destination)] };
  return { title, findings: [ok('output', 'batches become lines of the service’s own output')] };
}

/** Nothing is written: the lines in it are somebody's data. */
function fileFinding({ path, bytesMax }: FileDestination): Finding {
  const todo = 'Check the path in TACHOGRAPH_URL, and that the service’s account may write there.';
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isFile() && !stat.isFIFO() && !stat.isCharacterDevice()) {
      return trouble('output', `${path} is no file`, todo);
    }
    // With a slash: a file in the way is no folder.
    accessSync(stat === undefined ? `${dirname(path)}/` : path, constants.W_OK);
    const bytes = stat?.size ?? 0;
    const found = `lines go to ${path}, ${formatBytes(bytes)} of at most ${formatBytes(bytesMax)}`;
    return ok('output', found, { path, bytes, bytesMax });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return trouble('output', `${path} cannot be written: ${message}`, todo, { path, code });
  }
}
