/** Who waits for whom on a real PostgreSQL, seen by a role that may read statistics and nothing else. */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { startService } from '../../../scripts/services.js';
import type { LockSession } from '../../../src/advisor/locks/lock-wait.js';
import { openLocks } from '../../../src/advisor/locks/open-locks.js';
import { PATIENCE, untilOneWaits } from '../locks/until-waits.js';

const NAME = `locked_${process.pid}`;
const START_MS_MAX = 300_000;
const SECRET = 'swordfish';
let url = '';
let stop = async (): Promise<void> => {};
const clients: pg.Client[] = [];
const sessions: LockSession[] = [];

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  clients.push(client);
  return client;
}

async function look(role: string): Promise<LockSession> {
  const dsn = Object.assign(new URL(url), { username: role }).href;
  const session = await openLocks(dsn);
  sessions.push(session);
  return session;
}

beforeAll(async () => {
  const service = await startService('postgres');
  stop = service.stop;
  const owner = new pg.Client({ connectionString: service.url });
  await owner.connect();
  await owner.query(`CREATE DATABASE ${NAME}`);
  await owner.query(`CREATE ROLE ${NAME}_sees LOGIN IN ROLE pg_read_all_stats`);
  await owner.query(`CREATE ROLE ${NAME}_blind LOGIN`);
  await owner.end();
  url = Object.assign(new URL(service.url), { pathname: `/${NAME}` }).href;
  const maker = await connect();
  await maker.query('CREATE TABLE account (id int PRIMARY KEY, owner text, cents int)');
  await maker.query("INSERT INTO account VALUES (1, 'a', 0), (2, 'b', 0)");
}, START_MS_MAX);
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  for (const client of clients.splice(0)) await client.end();
});
afterAll(() => stop());

it('nobody waits', async () => {
  const session = await look(`${NAME}_sees`);
  expect(await session.look()).toEqual({ waits: [], omitted: 0 });
  expect(session.missingRight).toBeUndefined();
});

it('a statement waits for one that was left open, both are named, and no value is', async () => {
  const [holder, waiter] = [await connect(), await connect()];
  await holder.query('BEGIN');
  await holder.query(`UPDATE account SET owner = '${SECRET}' WHERE id = 1`);
  const waiting = waiter.query(
    `UPDATE account SET cents = 7 WHERE id = 1 AND owner <> '${SECRET}'`,
  );
  const session = await look(`${NAME}_sees`);
  const sample = await untilOneWaits(session);
  expect(sample.waits).toMatchObject([
    {
      kind: 'lock_wait',
      blocked: 'UPDATE account SET cents = ? WHERE id = ? AND owner <> ?',
      blocker: 'UPDATE account SET owner = ? WHERE id = ?',
      blockerState: 'idle',
    },
  ]);
  const [first] = sample.waits;
  expect(first!.waitedS).toBeGreaterThan(0);
  const [second] = (await session.look()).waits;
  expect(second).toMatchObject({ key: first!.key, kind: 'lock_wait' });
  expect(second!.waitedS).toBeGreaterThan(first!.waitedS);
  expect(JSON.stringify(sample)).not.toContain(SECRET);
  await holder.query('ROLLBACK');
  await waiting;
});

it('of two that wait for each other both sides are seen before the server ends one', async () => {
  const [one, two] = [await connect(), await connect()];
  for (const client of [one, two]) {
    await client.query('BEGIN');
    // It ends nobody before it was seen.
    await client.query("SET LOCAL deadlock_timeout = '30s'");
  }
  await one.query('UPDATE account SET cents = 5 WHERE id = 1');
  await two.query('UPDATE account SET cents = 6 WHERE id = 2');
  const first = one.query('UPDATE account SET owner = $1 WHERE id = 2', [SECRET]);
  const second = two.query('DELETE FROM account WHERE id = 1');
  const ends = Promise.allSettled([first, second]);
  const session = await look(`${NAME}_sees`);
  const [seen] = await vi.waitFor(async () => {
    const { waits } = await session.look();
    expect(waits).toMatchObject([{ kind: 'deadlock' }]);
    return waits;
  }, PATIENCE);
  expect([seen!.blocked, seen!.blocker].sort()).toEqual([
    'DELETE FROM account WHERE id = ?',
    'UPDATE account SET owner = ? WHERE id = ?',
  ]);
  const breaker = await connect();
  await breaker.query('SELECT pg_cancel_backend(pid) FROM pg_locks WHERE NOT granted');
  await ends;
});

it('a role without the right sees no statement of others, and says which right is missing', async () => {
  const [holder, waiter] = [await connect(), await connect()];
  await holder.query('BEGIN');
  await holder.query('UPDATE account SET cents = 1 WHERE id = 1');
  const waiting = waiter.query('UPDATE account SET cents = 2 WHERE id = 1');
  const seeing = await look(`${NAME}_sees`);
  await untilOneWaits(seeing);
  const blind = await look(`${NAME}_blind`);
  expect((await blind.look()).waits).toEqual([]);
  expect(blind.missingRight).toMatch(/pg_read_all_stats/);
  await holder.query('ROLLBACK');
  await waiting;
});

it('a connection by which one cannot begin to look is closed', async () => {
  const owner = await connect();
  await owner.query('REVOKE SELECT ON pg_catalog.pg_roles FROM PUBLIC');
  await expect(look(`${NAME}_sees`)).rejects.toThrow(/pg_roles/);
  await owner.query('GRANT SELECT ON pg_catalog.pg_roles TO PUBLIC');
  await vi.waitFor(async () => {
    const { rows } = await owner.query(
      "SELECT 1 FROM pg_stat_activity WHERE application_name = 'tachograph-advisor'",
    );
    expect(rows).toEqual([]);
  }, PATIENCE);
});
