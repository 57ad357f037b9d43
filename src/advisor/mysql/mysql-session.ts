/**
 * The advisor's one connection to MySQL or MariaDB. Everything runs in a read-only transaction that is rolled
 * back. Bounds: 1 s a statement and for a lock, 10 s for an answer at all, after which the connection is cut; 1 s to
 * close. When the signal is aborted nothing is waited for.
 */
import { once } from 'node:events';
import type { Connection } from 'mysql2';
import { AdvisorError } from '../advisor-error.js';
import { onAbort } from '../on-abort.js';
import { within } from '../within.js';

export type Row = Readonly<Record<string, unknown>>;

export interface MysqlSession {
  readonly system: 'mysql' | 'mariadb';
  readonly version: string;
  readonly database: string;
  /** One statement, in a transaction of its own. */
  readOnly(sql: string, values?: readonly string[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

const CONNECT_MS = 5000;
const ANSWER_MS = 10_000;
const CLOSE_MS = 1000;
const STATEMENT_MS = 1000;
const LOCK_S = 1;
/** The driver knows the names of MySQL's errors. */
const MARIADB_STATEMENT_TIMEOUT = 1969;

/** @throws {AdvisorError} when there is no way to the database */
export async function openMysql(
  dsn: string,
  signal?: AbortSignal,
  answerMs: number = ANSWER_MS,
): Promise<MysqlSession> {
  const opened = await connect(dsn, signal);
  const connection = opened.promise();
  let isCut = false;
  let isAsking = false;
  const cut = (): void => {
    isCut = true;
    destroy(opened);
  };
  const query = async (sql: string, values: readonly string[] = []): Promise<readonly Row[]> => {
    isAsking = true;
    try {
      const [rows] = await connection.query({ sql, values: [...values], timeout: answerMs });
      return rows as Row[];
    } catch (error) {
      // To the driver the query is still under way, so that all others would wait behind it.
      if (codeOf(error) === 'PROTOCOL_SEQUENCE_TIMEOUT') cut();
      throw isGone(error) ? lost(error) : error;
    } finally {
      isAsking = false;
    }
  };
  // After its leave no query can be asked any more.
  const forget = onAbort(signal, () => (isAsking ? cut() : void connection.end()));
  const close = async (): Promise<void> => {
    forget();
    if (!isCut) await within(connection.end(), CLOSE_MS);
    cut();
  };
  try {
    const about = await settled(query);
    return {
      ...about,
      async readOnly(sql, values) {
        await query('START TRANSACTION READ ONLY');
        try {
          return await query(sql, values);
        } finally {
          // Of a connection that is gone the server has rolled back itself.
          if (!isCut) await query('ROLLBACK').catch(() => {});
        }
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The driver's own destroy() waits for the server to close its side, too. Its types do not tell of the stream. */
function destroy(connection: Connection): void {
  (connection as unknown as { readonly stream: { destroy(): void } }).stream.destroy();
}

/** Sets the bounds, and tells whose session it is. */
async function settled(
  query: (sql: string) => Promise<readonly Row[]>,
): Promise<Pick<MysqlSession, 'system' | 'version' | 'database'>> {
  const [about] = await query('SELECT VERSION() AS version, DATABASE() AS name');
  const version = String(about!.version);
  const isMariadb = /mariadb/i.test(version);
  if (about!.name === null) {
    throw new AdvisorError('expected a DSN with a database: mysql://user@host/database.');
  }
  await query(
    isMariadb
      ? `SET SESSION max_statement_time = ${STATEMENT_MS / 1000}`
      : `SET SESSION max_execution_time = ${STATEMENT_MS}`,
  );
  await query(
    `SET SESSION lock_wait_timeout = ${LOCK_S}, innodb_lock_wait_timeout = ${LOCK_S}, autocommit = 1`,
  );
  return {
    system: isMariadb ? 'mariadb' : 'mysql',
    version: /^[\d.]+/.exec(version)?.[0] ?? version,
    database: String(about!.name),
  };
}

async function connect(dsn: string, signal: AbortSignal | undefined): Promise<Connection> {
  const { createConnection } = await import('mysql2');
  let forget = (): void => {};
  try {
    const connection = createConnection({
      uri: dsn.replace(/^mariadb:/, 'mysql:'),
      connectTimeout: CONNECT_MS,
      multipleStatements: false,
      // LOAD DATA LOCAL would let the server ask for files of this machine.
      flags: ['-LOCAL_FILES'],
      connectAttributes: { program_name: 'tachograph-advisor' },
    });
    // The query that is open, or the next, fails with it.
    connection.on('error', () => {});
    const connected = once(connection, 'connect');
    forget = onAbort(signal, () => destroy(connection));
    await connected;
    return connection;
  } catch (error) {
    throw new AdvisorError(
      `expected a MySQL or MariaDB that lets the advisor in, got: ${(error as Error).message}. It needs a user with ` +
        'SELECT on the database.',
      { cause: error },
    );
  } finally {
    forget();
  }
}

/** The name of an error: ER_TABLEACCESS_DENIED_ERROR. */
export function codeOf(error: unknown): string {
  const { code, errno } = error as { code?: unknown; errno?: unknown };
  return code === undefined && errno === MARIADB_STATEMENT_TIMEOUT
    ? 'ER_STATEMENT_TIMEOUT'
    : String(code ?? '');
}

function isGone(error: unknown): boolean {
  const { message } = error as Error;
  return (
    /^(?:PROTOCOL_\w+|ECONN\w+|EPIPE|ETIMEDOUT|ER_CONNECTION_KILLED|ER_SERVER_SHUTDOWN)$/.test(
      codeOf(error),
    ) || /closed state|connection is closed/i.test(message)
  );
}

function lost(error: unknown): AdvisorError {
  return new AdvisorError(
    `the database ended the connection, or does not answer (${(error as Error).message}). Nothing was left open; ` +
      'try again.',
    { cause: error },
  );
}
