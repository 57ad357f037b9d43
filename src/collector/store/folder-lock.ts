/**
 * One collector a data folder: two would roll the same batches up twice. Runs on the collector's main
 * thread and holds one connection for the collector's life.
 *
 * The lock is a SQLite transaction on an empty file, so the system frees it however the process ends,
 * `kill -9` included. The file stays: whoever deleted it could delete the lock of the next collector.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFile } from './data-folder.js';
import { isTransientSqlError, type OpenSql, type SqlDatabase } from './sql-driver.js';

const NAME = 'collector.lock';

/** @throws {Error} when another collector holds the folder for longer than the driver waits. */
export function lockFolder(openSql: OpenSql, folder: string): SqlDatabase {
  const path = join(folder, NAME);
  // Not touched when it is there: closing any descriptor of a file frees this process's locks on it.
  if (!existsSync(path)) makePrivateFile(path);
  const sql = openSql(path);
  try {
    sql.exec('BEGIN EXCLUSIVE');
    return sql;
  } catch (error) {
    sql.close();
    const { message } = error as Error;
    if (!isTransientSqlError(error) || !/locked|busy/i.test(message)) {
      throw new Error(
        `cannot lock ${NAME} in ${folder}: ${message}. Make it writable, or give another --data.`,
        { cause: error },
      );
    }
    throw new Error(
      `another collector uses this folder: ${folder}. Stop it, or give another --data.`,
      { cause: error },
    );
  }
}
