/**
 * SQLite for the advisor: a file that cannot be written through this connection, and databases in memory. By
 * `node:sqlite` where the runtime has it (Node 22.13 and later), else by `libsql`. Synchronous.
 */
import { existsSync } from 'node:fs';
import { AdvisorError } from '../advisor-error.js';

export type Row = Readonly<Record<string, unknown>>;

export interface Sqlite {
  /** Of a statement without parameters, or whose parameters are left open. */
  all(sql: string): readonly Row[];
  exec(sql: string): void;
  close(): void;
}

interface Connection {
  exec(sql: string): unknown;
  prepare(sql: string): { all(...values: unknown[]): unknown[] };
  close(): unknown;
}

export interface SqliteDriver {
  /** @throws {AdvisorError} when it is no database that can be read */
  openFile(path: string): Sqlite;
  openMemory(): Sqlite;
}

/** Waits this long for a writer. */
const BUSY_MS = 100;
const MEMORY = ':memory:';

export async function loadSqlite(version: string = process.versions.node): Promise<SqliteDriver> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) {
    const name = 'node:sqlite'; // Not in the types of Node 20, for which we compile.
    const { DatabaseSync } = (await import(name)) as {
      DatabaseSync: new (path: string, options: { readOnly: boolean }) => Connection;
    };
    return driverOf((path) => new DatabaseSync(path, { readOnly: path !== MEMORY }));
  }
  const { default: Database } = await import('libsql');
  // Its own option `readonly` is ignored; that of a URI is not.
  const uriOf = (path: string): string =>
    path === MEMORY ? path : `file:${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}?mode=ro`;
  return driverOf((path) => new Database(uriOf(path)) as unknown as Connection);
}

function driverOf(open: (path: string) => Connection): SqliteDriver {
  return {
    openFile(path) {
      if (!existsSync(path)) throw new AdvisorError(`expected a SQLite file, got none: ${path}.`);
      try {
        const sqlite = wrap(open(path));
        sqlite.exec(`PRAGMA query_only = 1`);
        sqlite.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
        sqlite.all('SELECT count(*) FROM sqlite_schema');
        return sqlite;
      } catch (error) {
        throw new AdvisorError(
          `expected a SQLite database that can be read, got: ${(error as Error).message}.`,
          { cause: error },
        );
      }
    },
    openMemory: () => wrap(open(MEMORY)),
  };
}

function wrap(connection: Connection): Sqlite {
  return {
    all: (sql) => connection.prepare(sql).all() as Row[],
    exec: (sql) => void connection.exec(sql),
    close: () => void connection.close(),
  };
}
