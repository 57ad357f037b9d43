/**
 * Connections for reading, one a data file, kept open between queries. The main thread has a set, and
 * so has each thread of the query pool. A file that is gone, or was made anew under the same name, is
 * noticed by its id.
 *
 * Files stay open because a WAL file that nobody has open needs room on the disk to be read: on a
 * full disk only what is open can be shown.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FileKey, fileName, fileSpan, type Level } from './data-folder.js';
import { type DataFile, openForReading } from './schema.js';
import type { OpenSql } from './sql-driver.js';

/** A file the store has, and its id. */
export interface KnownFile extends FileKey {
  readonly id: string;
}

/** A file open for reading. */
export interface FileReader extends KnownFile {
  readonly fromMs: number;
  readonly toMs: number;
  readonly file: DataFile;
}

export class FileReaders {
  readonly #folder: string;
  readonly #openSql: OpenSql;
  readonly #readers = new Map<string, FileReader>();

  constructor(folder: string, openSql: OpenSql) {
    this.#folder = folder;
    this.#openSql = openSql;
  }

  /** Makes the set equal to `known`, oldest first. */
  update(known: readonly KnownFile[]): readonly FileReader[] {
    const wanted = new Map(known.map((key) => [fileName(key), key]));
    for (const [name, reader] of this.#readers) {
      if (wanted.get(name)?.id !== reader.id) this.#close(name, reader);
    }
    const readers: FileReader[] = [];
    for (const [name, key] of wanted) {
      const reader = this.#readers.get(name) ?? this.#open(name, key);
      if (reader !== undefined) readers.push(reader);
    }
    return readers.sort((a, b) => a.fromMs - b.fromMs);
  }

  /** Undefined when retention has deleted it since the list was made. */
  #open(name: string, key: KnownFile): FileReader | undefined {
    const path = join(this.#folder, name);
    if (!existsSync(path)) return undefined;
    const file = openForReading(this.#openSql, path);
    if (file.id !== key.id) {
      file.sql.close();
      return undefined;
    }
    const reader = { ...key, ...fileSpan(key), file };
    this.#readers.set(name, reader);
    return reader;
  }

  #close(name: string, reader: FileReader): void {
    reader.file.sql.close();
    this.#readers.delete(name);
  }

  close(): void {
    for (const [name, reader] of this.#readers) this.#close(name, reader);
  }
}

/** The readers of a level that cover any of the time from `fromMs` up to, not including, `toMs`. */
export function covering(
  readers: readonly FileReader[],
  level: Level,
  fromMs: number,
  toMs: number,
): FileReader[] {
  return readers.filter(
    (reader) => reader.level === level && reader.fromMs < toMs && reader.toMs > fromMs,
  );
}

/** Runs `work` with all files each in one read transaction. */
export function inSnapshot<Result>(
  readers: readonly Pick<FileReader, 'file'>[],
  work: () => Result,
): Result {
  const begun: Pick<FileReader, 'file'>[] = [];
  try {
    for (const reader of readers) {
      reader.file.sql.exec('BEGIN');
      begun.push(reader);
    }
    return work();
  } finally {
    for (const reader of begun) reader.file.sql.exec('COMMIT');
  }
}
