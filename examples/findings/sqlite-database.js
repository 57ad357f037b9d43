/** A SQLite in memory with the tables of tables.js, by libsql, whose interface is that of better-sqlite3. */
import { schemaOf } from './tables.js';

/** @param {string} driver Where libsql is: what runs an ORM has only the ORM's packages. */
export async function openSqlite(driver) {
  const { default: Database } = await import(driver);
  const database = new Database(':memory:');
  for (const statement of schemaOf('sqlite')) database.exec(statement);
  return database;
}

/** Knex's dialect for better-sqlite3 over one database, which is nobody's to close. */
export function knexClient(BetterSqlite, database) {
  return class extends BetterSqlite {
    _driver() {
      return undefined;
    }
    async acquireRawConnection() {
      return database;
    }
    async destroyRawConnection() {}
  };
}
