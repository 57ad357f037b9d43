/**
 * Appends NDJSON to a file. Opened anew for each batch, so that logrotate and several processes on
 * one file need no agreement. Bounded: at `bytesMax` the file becomes `<path>.1`, which replaces the
 * one before, so that at most two such files lie there (and one batch more).
 */
import { closeSync, fstatSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import type { FileDestination } from './destination.js';
import { ndjson } from './ndjson.js';
import type { Outcome, Sender } from './sender.js';

export function fileSender(destination: FileDestination): Sender {
  const { path, bytesMax, label } = destination;
  /** The last write stopped inside a line: the next begins on a new one. */
  let torn = false;

  const append = (lines: Buffer): void => {
    const file = openToAppend(path, bytesMax);
    try {
      if (torn) writeSync(file, '\n');
      torn = true;
      for (let at = 0; at < lines.length; ) at += writeSync(file, lines, at);
      torn = false;
    } finally {
      closeSync(file);
    }
  };

  return {
    async send(parcel): Promise<Outcome> {
      let lines: Buffer;
      try {
        lines = ndjson(parcel.body);
      } catch (error) {
        return { kind: 'refused', reason: (error as Error).message, splittable: false };
      }
      try {
        append(lines);
        return { kind: 'accepted' };
      } catch (error) {
        const reason = `${label}: ${(error as Error).message}`;
        return { kind: 'retry', reason, code: 'TACHO_COLLECTOR_UNREACHABLE' };
      }
    },
    close: () => Promise.resolve(),
  };
}

/** The file, or a new one in its place when it is full. */
function openToAppend(path: string, bytesMax: number): number {
  const file = openSync(path, 'a', 0o640);
  try {
    const { size, ino } = fstatSync(file);
    // Another process may have renamed it a moment ago: its new file must not replace the full one.
    if (size < bytesMax || statSync(path).ino !== ino) return file;
    renameSync(path, `${path}.1`);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  closeSync(file);
  return openSync(path, 'a', 0o640);
}
