/**
 * SQLite behind one small face: `node:sqlite` where the runtime has it (Node 22.13 and later), else
 * `libsql`. Imports are dynamic, so that only one of them is ever loaded. Everything is synchronous
 * and runs on the thread that opened the connection.
 *
 * Traps this file hides: libsql aborts the process when a lone Buffer is bound (an array is bound
 * always), returns blobs as ArrayBuffer or Buffer by call, and ignores `readonly`.
 */

export type SqlValue = number | string | Uint8Array | null;
export type SqlRow = Record<string, SqlValue>;

export interface SqlStatement {
  run(values: readonly SqlValue[]): void;
  get(values: readonly SqlValue[]): SqlRow | undefined;
  all(values: readonly SqlValue[]): SqlRow[];
}

export interface SqlDatabase {
  exec(sql: string): void;
  /** Statements are cached by their text: `sql` must be one of a few constants. */
  prepare(sql: string): SqlStatement;
  /** Runs `work` in one write transaction; a throw rolls back and is thrown on. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}

export type OpenSql = (path: string) => SqlDatabase;

/** What both libraries have in common. */
interface Connection {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}

interface Statement {
  run(...values: unknown[]): unknown;
  get(...values: unknown[]): unknown;
  all(...values: unknown[]): unknown[];
}

/** Waits this long for another connection's write lock; only a rollup and a reader ever meet. */
const BUSY_MS = 2000;

/** Loads the driver this runtime has. */
export async function loadSqlDriver(version: string = process.versions.node): Promise<OpenSql> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) {
    const name = 'node:sqlite'; // Not in the types of Node 20, for which we compile.
    const { DatabaseSync } = (await import(name)) as {
      DatabaseSync: new (path: string) => Connection;
    };
    return (path) => open(new DatabaseSync(path), (values) => values as unknown[]);
  }
  const { default: Database } = await import('libsql');
  return (path) => open(new Database(path) as unknown as Connection, (values) => [values]);
}

function open(
  connection: Connection,
  argumentsOf: (values: readonly SqlValue[]) => unknown[],
): SqlDatabase {
  const statements = new Map<string, SqlStatement>();
  connection.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);

  function prepare(sql: string): SqlStatement {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = connection.prepare(sql);
    const wrapped: SqlStatement = {
      run: (values) => void statement.run(...argumentsOf(values)),
      get: (values) => {
        const row = statement.get(...argumentsOf(values));
        return row === undefined || row === null ? undefined : withBytes(row as object);
      },
      all: (values) => statement.all(...argumentsOf(values)).map((row) => withBytes(row as object)),
    };
    statements.set(sql, wrapped);
    return wrapped;
  }

  return {
    exec: (sql) => void connection.exec(sql),
    prepare,
    transaction(work) {
      connection.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        connection.exec('COMMIT');
        return result;
      } catch (error) {
        rollBack(connection);
        throw error;
      }
    },
    close: () => void connection.close(),
  };
}

/** A full disk may have rolled back already, and then ROLLBACK itself fails; the cause matters more. */
function rollBack(connection: Connection): void {
  try {
    connection.exec('ROLLBACK');
  } catch {
    // Nothing left to undo.
  }
}

function withBytes(row: object): SqlRow {
  const values = row as Record<string, SqlValue | ArrayBuffer>;
  const { payload } = values;
  if (payload instanceof ArrayBuffer) values.payload = new Uint8Array(payload);
  return values as SqlRow;
}

const BUSY_CODES = new Set(['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_FULL', 'SQLITE_CANTOPEN']);
/** The same as numbers (node:sqlite): BUSY, LOCKED, FULL, CANTOPEN. */
const BUSY_NUMBERS = new Set([5, 6, 13, 14]);
const IO_ERROR = 10;

/** Whether an error passes when the disk has room or the lock is free again. */
export function isTransientSqlError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errcode, rawCode } = error as Error & Record<string, unknown>;
  if (typeof code === 'string' && (BUSY_CODES.has(code) || code.startsWith('SQLITE_IOERR'))) {
    return true;
  }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EMFILE') return true;
  const number = typeof errcode === 'number' ? errcode : rawCode;
  // Extended codes carry the primary one in their low byte.
  const primary = typeof number === 'number' ? number & 0xff : -1;
  return BUSY_NUMBERS.has(primary) || primary === IO_ERROR;
}
