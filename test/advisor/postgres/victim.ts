/**
 * A database of its own on a real PostgreSQL: a table worth an index, traps for whoever executes what he should
 * plan, and a role that may read. The owner's connection sees what the advisor does.
 */
import { createRequire } from 'node:module';
import { afterAll, beforeAll } from 'vitest';
import { startService } from '../../../scripts/services.js';

interface Client {
  connect(): Promise<void>;
  query(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
  on(event: 'error', listener: () => void): void;
}

// Without types.
const pg = createRequire(import.meta.url)('pg') as {
  Client: new (config: { connectionString: string }) => Client;
};

export const ROWS = 20_000;
/** The service may have to be installed. */
const START_MS_MAX = 300_000;

/** `inner` writes when it is called; `folded` calls it, and is called by whoever plans `folded()`. */
const SEED = `
CREATE TABLE big AS SELECT i AS id, (i * 7919) % 5003 AS ref, i % 3 AS kind, 'n' || i AS name
  FROM generate_series(1, ${ROWS}) AS s (i);
ALTER TABLE big ADD PRIMARY KEY (id);
CREATE TABLE witness (what text);
CREATE SEQUENCE counted;
CREATE FUNCTION inner_write() RETURNS int VOLATILE LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO witness VALUES ('written'); RETURN 1; END $$;
CREATE FUNCTION folded() RETURNS int IMMUTABLE LANGUAGE plpgsql AS
  $$ BEGIN PERFORM inner_write(); RETURN 1; END $$;
CREATE FUNCTION slow() RETURNS int IMMUTABLE LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_sleep(60); RETURN 1; END $$;
ANALYZE;`;

export interface Victim {
  /** Of the role that may read. */
  readonly dsn: string;
  /** Of a role that may do everything. */
  readonly ownerDsn: string;
  readonly role: string;
  readonly hasHypopg: boolean;
  query(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

/** For the tests of the file. */
export function victim(): Victim {
  const name = `advised_${process.pid}`;
  const made = { dsn: '', ownerDsn: '', role: name, hasHypopg: false };
  let admin: Client;
  let owner: Client;
  let stop = async (): Promise<void> => {};
  const query = async (text: string, values?: readonly unknown[]) =>
    (await owner.query(text, values)).rows;
  beforeAll(async () => {
    const service = await startService('postgres');
    stop = service.stop;
    admin = await connectedTo(service.url);
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.query(`CREATE ROLE ${name} LOGIN`);
    made.ownerDsn = urlOf(service.url, name);
    made.dsn = urlOf(service.url, name, name);
    owner = await connectedTo(made.ownerDsn);
    await owner.query(SEED);
    await owner.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${name}`);
    made.hasHypopg = await owner.query('CREATE EXTENSION hypopg').then(
      () => true,
      () => false,
    );
  }, START_MS_MAX);
  afterAll(async () => {
    await owner.end();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.query(`DROP ROLE ${name}`);
    await admin.end();
    await stop();
  });
  return Object.assign(made, { query });
}

async function connectedTo(url: string): Promise<Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client;
}

function urlOf(url: string, database: string, user?: string): string {
  const own = new URL(url);
  own.pathname = `/${database}`;
  if (user !== undefined) own.username = user;
  return own.href;
}
