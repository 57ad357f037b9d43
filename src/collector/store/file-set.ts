/**
 * The files of a store: which there are, their connections for reading, and the folder's lock. Runs on
 * the collector's main thread, which alone makes and deletes files.
 */
import { join } from 'node:path';
import {
  deleteFile,
  type FileKey,
  fileName,
  listFiles,
  makeDataFolder,
  makePrivateFile,
} from './data-folder.js';
import { type FileReader, FileReaders, type KnownFile } from './file-readers.js';
import { lockFolder } from './folder-lock.js';
import { lastBatchOf } from './rollup.js';
import { type DataFile, openDataFile } from './schema.js';
import type { OpenSql, SqlDatabase } from './sql-driver.js';

export class FileSet {
  readonly folder: string;
  readonly #openSql: OpenSql;
  readonly #known = new Map<string, KnownFile>();
  readonly #readers: FileReaders;
  readonly #lock: SqlDatabase;

  constructor(folder: string, openSql: OpenSql) {
    this.folder = folder;
    this.#openSql = openSql;
    this.#readers = new FileReaders(folder, openSql);
    makeDataFolder(folder);
    this.#lock = lockFolder(openSql, folder);
    try {
      for (const key of listFiles(folder)) this.#openExisting(key);
      // Opened now, so that they can be read on a full disk (see file-readers.ts).
      for (const { file } of this.readers()) lastBatchOf(file);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #openExisting(key: FileKey): void {
    try {
      this.open(key).sql.close();
    } catch (error) {
      throw new Error(
        `cannot open ${fileName(key)} in ${this.folder}: ${(error as Error).message}. ` +
          'Make it readable, or move the file and its -wal and -shm away.',
        { cause: error },
      );
    }
  }

  /** Every file there is, as tasks on other threads need it. */
  known(): KnownFile[] {
    return [...this.#known.values()];
  }

  readers(): readonly FileReader[] {
    return this.#readers.update(this.known());
  }

  reader(key: FileKey): FileReader | undefined {
    return this.readers().find(({ level, period }) => level === key.level && period === key.period);
  }

  /** Opens a file for writing and makes it when there is none; the caller closes it. */
  open(key: FileKey): DataFile {
    const name = fileName(key);
    const path = join(this.folder, name);
    makePrivateFile(path);
    const file = openDataFile(this.#openSql, path, key.level === 'raw' ? 'power' : 'process');
    this.#known.set(name, { level: key.level, period: key.period, id: file.id });
    return file;
  }

  /** Deletes a file that nobody writes any more. */
  remove(key: FileKey): void {
    this.#known.delete(fileName(key));
    this.#readers.update(this.known());
    deleteFile(this.folder, key);
  }

  close(): void {
    this.#readers.close();
    this.#lock.close();
  }
}
