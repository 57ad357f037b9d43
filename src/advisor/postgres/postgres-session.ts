/**
 * The advisor's one connection to PostgreSQL. Everything runs in a read-only transaction that is rolled back,
 * with settings of that transaction alone, so that nothing stays with a connection that a pooler gives to
 * others. Bounds: 1 s a statement, 100 ms for a lock, 10 s for an answer at all, 1 s to close.
 * When the signal is aborted nothing is waited for.
 */
import type { Socket } from 'node:net';
import type { Client as PgClient } from 'pg';
import { AdvisorError } from '../advisor-error.js';
import { onAbort } from '../on-abort.js';
import { within } from '../within.js';

export type Row = Readonly<Record<string, unknown>>;

/** A transaction that only reads. */
export interface ReadOnly {
  /** One statement, by the extended protocol, which refuses a second one in the same text. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Runs `work`; when it fails the transaction goes on as if it had not begun, and the error is thrown on. */
  attempt<Result>(work: () => Promise<Result>): Promise<Result>;
}

export interface PostgresSession {
  readonly database: string;
  /** As a number: 150018. */
  readonly version: number;
  readOnly<Result>(work: (transaction: ReadOnly) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

const APPLICATION_NAME = 'tachograph-advisor';
const STATEMENT_MS = 1000;
const LOCK_MS = 100;
const IDLE_MS = 10_000;
const CONNECT_MS = 5000;
const ANSWER_MS = 10_000;
const CLOSE_MS = 1000;

const SETTINGS: Readonly<Record<string, string>> = {
  statement_timeout: String(STATEMENT_MS),
  lock_timeout: String(LOCK_MS),
  idle_in_transaction_session_timeout: String(IDLE_MS),
  // A plan that is compiled, or made by several processes, tells of the machine and not of indexes.
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  plan_cache_mode: 'force_generic_plan',
};
/** Of the whole session, where we have one of our own: a pooler refuses them when the connection is made. */
const SESSION_OPTIONS = Object.entries({ ...SETTINGS, default_transaction_read_only: 'on' })
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

/** Codes of what ends the connection: shutdown, crash, idle too long, gone. */
const GONE = /^(?:57P0[1-5]|25P0[34]|08\d\d\d|ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND)$/;

/** @throws {AdvisorError} when there is no way to the database */
export async function openPostgres(dsn: string, signal?: AbortSignal): Promise<PostgresSession> {
  const client = await connect(dsn, signal);
  const query = async (text: string, values: readonly unknown[] = []): Promise<readonly Row[]> => {
    try {
      // The types do not know the mode, in which one text is one statement.
      const config = { text, values: [...values], queryMode: 'extended' };
      return (await client.query<Row>(config)).rows;
    } catch (error) {
      throw isGone(error) ? lost(error) : error;
    }
  };
  const end = (): Promise<void> => {
    // In the middle of a query it destroys the connection, else it takes its leave; no answer to that is waited for.
    const ended = client.end();
    (client.connection.stream as Socket).destroySoon();
    return within(ended, CLOSE_MS);
  };
  const forget = onAbort(signal, () => void end());
  const close = (): Promise<void> => {
    forget();
    return end();
  };
  const version = await query("SELECT current_setting('server_version_num')::int AS number").catch(
    async (error: unknown) => {
      await close();
      throw error;
    },
  );
  return {
    database: client.database ?? '',
    version: Number(version[0]!.number),
    async readOnly(work) {
      await query('BEGIN TRANSACTION READ ONLY');
      try {
        for (const [name, value] of Object.entries(SETTINGS)) {
          await query(`SET LOCAL ${name} = '${value}'`);
        }
        return await work({ query, attempt: (part) => attempt(query, part) });
      } finally {
        // Of a connection that is gone the server has rolled back itself.
        await query('ROLLBACK').catch(() => {});
      }
    },
    close,
  };
}

async function connect(dsn: string, signal: AbortSignal | undefined): Promise<PgClient> {
  try {
    return await connectWith(dsn, SESSION_OPTIONS, signal);
  } catch (error) {
    // PgBouncer, whose connections are others' too: what each transaction sets has to do.
    if (!/startup parameter|unsupported.*options/i.test((error as Error).message))
      throw noWay(error);
  }
  return connectWith(dsn, undefined, signal).catch((error: unknown) => {
    throw noWay(error);
  });
}

async function connectWith(
  dsn: string,
  options: string | undefined,
  signal: AbortSignal | undefined,
): Promise<PgClient> {
  const { Client } = await import('pg');
  const client = new Client({
    connectionString: dsn,
    application_name: APPLICATION_NAME,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    ...(options !== undefined && { options }),
  });
  // The query that is open, or the next, fails with it.
  client.on('error', () => {});
  const connected = client.connect();
  const forget = onAbort(signal, () => client.connection.stream.destroy());
  try {
    await connected;
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  } finally {
    forget();
  }
}

async function attempt<Result>(
  query: ReadOnly['query'],
  work: () => Promise<Result>,
): Promise<Result> {
  await query('SAVEPOINT tachograph');
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AdvisorError)) await query('ROLLBACK TO SAVEPOINT tachograph');
    throw error;
  }
}

/** The code of an error, of PostgreSQL or of the system. */
export function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? '');
}

function isGone(error: unknown): boolean {
  const { message } = error as Error;
  return (
    GONE.test(codeOf(error)) ||
    /connection terminated|not queryable|closed the connection|read timeout/i.test(message)
  );
}

/** Messages of the driver and of the server about connections hold no value of a statement. */
function lost(error: unknown): AdvisorError {
  const { message } = error as Error;
  return new AdvisorError(
    `the database ended the connection, or does not answer (${message}). Nothing was left open; try again.`,
    { cause: error },
  );
}

function noWay(error: unknown): AdvisorError {
  const { message } = error as Error;
  return new AdvisorError(
    `expected a PostgreSQL that lets the advisor in, got: ${message || codeOf(error)}. It needs a role with ` +
      'LOGIN, CONNECT on the database and SELECT on the tables.',
    { cause: error },
  );
}
