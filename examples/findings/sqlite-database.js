/** A SQLite in memory with the tables of tables.js, by libsql, whose interface is that of better-sqlite3. */
import { schemaOf } from './tables.js';

/** @param {string} driver Where libsql is: what runs an ORM has only the ORM's packages. */
export async function openSqlite(driver) {
  const { default: Database } = await import(driver);
  const database = new Database(':memory:');
  for (const statement of schemaOf('sqlite')) database.exec(statement);
  return database;
}

/**
 * What `knex` is called with for a run's place.
 * @param {Function} BetterSqlite Knex's dialect for better-sqlite3, which the caller's packages have
 */
export async function knexOptions(BetterSqlite, place) {
  const { kind, sqlite, connectionsMax = 1, ...connection } = place;
  const client =
    kind === 'sqlite'
      ? knexClient(BetterSqlite, await openSqlite(sqlite))
      : { postgres: 'pg', mariadb: 'mysql2' }[kind];
  return { client, connection, pool: { min: 0, max: connectionsMax }, useNullAsDefault: true };
}

/** Over one database, which is nobody's to close. */
function knexClient(BetterSqlite, database) {
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
