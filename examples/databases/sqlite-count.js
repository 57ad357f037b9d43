/**
 * What SQLite itself counted. It runs within the application, so its driver asks it there (drivers/*sqlite*.js): by
 * SQLite's trace, or by the runs of each statement that its table `sqlite_stmt` has. Databases are files of a folder.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { schema } from './counted.js';

/** @returns {Promise<import('./counted.js').Counted>} */
export async function countSqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'tachograph-sqlite-'));
  return {
    async create(name) {
      const file = join(folder, `${name}.db`);
      const database = new Database(file);
      for (const statement of schema('INTEGER')) database.exec(statement);
      database.close();
      return file;
    },
    async queries(_name, port) {
      if (port === undefined) return 0;
      const response = await fetch(`http://127.0.0.1:${port}/counted`);
      return Number(await response.text());
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
