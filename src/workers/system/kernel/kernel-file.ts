/**
 * A file of /proc or a control group, kept open and read from its beginning again and again, in the
 * agent's worker: one `pread` a reading instead of open, read, read, close. The bytes land in a
 * buffer shared by all files of a source, so a reading is good until the next one of any file.
 *
 * Never throws. A file that is missing or fails is simply not there; it is tried again after
 * `RETRY_READINGS` readings, because groups come and go, and asking costs a system call.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Cursor } from './scan.js';

/** About a minute of fast rounds. */
const RETRY_READINGS = 30;

/**
 * The kernel hands out a listing in pages of at least 4 KiB, cut between records, and our listings
 * have records below 512 bytes: less than this means that the end was reached. It saves the read
 * that would say 0.
 */
const LAST_PAGE_BYTES_MAX = 3072;

export class KernelFile {
  readonly #path: string;
  readonly #cursor: Cursor;
  readonly #bytesMax: number;
  #fd = -1;
  #wait = 0;

  /** `bytesMax` cuts what is read; a line cut in two is not delivered as a whole line. */
  constructor(path: string, scratch: Buffer, bytesMax: number = scratch.length) {
    this.#path = path;
    this.#cursor = { bytes: scratch, at: 0, end: 0 };
    this.#bytesMax = Math.min(bytesMax, scratch.length);
  }

  /** The content now, or undefined when it cannot be read. */
  read(): Cursor | undefined {
    if (this.#wait > 0) {
      this.#wait--;
      return undefined;
    }
    try {
      if (this.#fd === -1) this.#fd = openSync(this.#path, 'r');
      const cursor = this.#cursor;
      cursor.at = 0;
      cursor.end = 0;
      while (cursor.end < this.#bytesMax) {
        const left = this.#bytesMax - cursor.end;
        const bytes = readSync(this.#fd, cursor.bytes, cursor.end, left, cursor.end);
        cursor.end += bytes;
        if (bytes < LAST_PAGE_BYTES_MAX) break;
      }
      return cursor;
    } catch {
      this.close();
      this.#wait = RETRY_READINGS;
      return undefined;
    }
  }

  close(): void {
    if (this.#fd === -1) return;
    const fd = this.#fd;
    this.#fd = -1;
    try {
      closeSync(fd);
    } catch {
      // The descriptor is gone already; there is nothing left to give back.
    }
  }
}
