/** Who waits for whom on a real MariaDB, by a user with PROCESS and SELECT. */
import mysql, { type Connection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { startService } from '../../../scripts/services.js';
import type { LockSession } from '../../../src/advisor/locks/lock-wait.js';
import { openLocks } from '../../../src/advisor/locks/open-locks.js';
import { UntoldError } from '../../../src/advisor/locks/untold-error.js';
import { openMysql } from '../../../src/advisor/mysql/mysql-session.js';
import { watchLocks } from '../../../src/collector/advice/watch-locks.js';
import { startWireProxy } from '../../support/wire-proxy.js';
import { PATIENCE, untilOneWaits } from '../locks/until-waits.js';

const NAME = `locked_${process.pid}`;
const START_MS_MAX = 300_000;
const SECRET = 'swordfish';
let url = '';
let stop = async (): Promise<void> => {};
const connections: Connection[] = [];
const sessions: LockSession[] = [];

async function connect(database = NAME): Promise<Connection> {
  const connection = await mysql.createConnection(
    Object.assign(new URL(url), { pathname: `/${database}` }).href,
  );
  connections.push(connection);
  return connection;
}

/** Through what stands before the server at a port of its own. */
const dsnAt = (port: number): string =>
  Object.assign(new URL(url), { username: `${NAME}_sees`, password: '', port: String(port) }).href;

async function look(user: string): Promise<LockSession> {
  const session = await openLocks(
    Object.assign(new URL(url), { username: user, password: '' }).href,
  );
  sessions.push(session);
  return session;
}

beforeAll(async () => {
  const service = await startService('mariadb');
  stop = service.stop;
  url = Object.assign(new URL(service.url), { pathname: `/${NAME}` }).href;
  const owner = await mysql.createConnection(service.url);
  for (const sql of [
    `CREATE DATABASE ${NAME}`,
    `CREATE TABLE ${NAME}.account (id INT PRIMARY KEY, owner VARCHAR(20), cents INT) ENGINE = InnoDB`,
    `INSERT INTO ${NAME}.account VALUES (1, 'a', 0), (2, 'b', 0)`,
    `CREATE DATABASE ${NAME}_other`,
    `CREATE TABLE ${NAME}_other.account LIKE ${NAME}.account`,
    `INSERT INTO ${NAME}_other.account SELECT * FROM ${NAME}.account`,
    `CREATE USER '${NAME}_sees'@'127.0.0.1'`,
    `GRANT SELECT ON ${NAME}.* TO '${NAME}_sees'@'127.0.0.1'`,
    `GRANT PROCESS ON *.* TO '${NAME}_sees'@'127.0.0.1'`,
    `CREATE USER '${NAME}_blind'@'127.0.0.1'`,
    `GRANT SELECT ON ${NAME}.* TO '${NAME}_blind'@'127.0.0.1'`,
  ]) {
    await owner.query(sql);
  }
  await owner.end();
}, START_MS_MAX);
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.close();
  for (const connection of connections.splice(0)) await connection.end();
});
afterAll(() => stop());

it('a statement waits for one that was left open: it is named, and the other is said to run nothing', async () => {
  const [holder, waiter] = [await connect(), await connect()];
  await holder.beginTransaction();
  await holder.query(`UPDATE account SET owner = '${SECRET}' WHERE id = 1`);
  const waiting = waiter.query(`DELETE FROM account WHERE id = 1 AND owner = '${SECRET}'`);
  const session = await look(`${NAME}_sees`);
  const sample = await untilOneWaits(session);
  expect(sample.waits).toMatchObject([
    {
      kind: 'lock_wait',
      system: 'mariadb',
      blocked: 'DELETE FROM account WHERE id = ? AND owner = ?',
      blocker: null,
      blockerState: 'idle',
    },
  ]);
  expect(JSON.stringify(sample)).not.toContain(SECRET);
  await holder.rollback();
  await waiting;
});

it('a blocker that runs something is named with it', async () => {
  const [holder, waiter] = [await connect(), await connect()];
  await holder.beginTransaction();
  await holder.query('UPDATE account SET cents = 3 WHERE id = 2');
  const slow = holder.query('SELECT SLEEP(20) FROM account WHERE id = 2');
  const waiting = waiter.query('UPDATE account SET cents = 4 WHERE id = 2');
  const session = await look(`${NAME}_sees`);
  const [seen] = (await untilOneWaits(session)).waits;
  expect(seen).toMatchObject({
    blocked: 'UPDATE account SET cents = ? WHERE id = ?',
    blocker: 'SELECT SLEEP(?) FROM account WHERE id = ?',
    blockerState: 'running',
  });
  await (await connect()).query(`KILL QUERY ${holder.threadId}`);
  await Promise.allSettled([slow]);
  await holder.rollback();
  await waiting;
});

it('a deadlock that the server has ended is told with both statements, and only once', async () => {
  const session = await look(`${NAME}_sees`);
  const [one, two] = [await connect(), await connect()];
  await one.beginTransaction();
  await two.beginTransaction();
  await one.query('UPDATE account SET cents = 5 WHERE id = 1');
  await two.query('UPDATE account SET cents = 6 WHERE id = 2');
  const ends = await Promise.allSettled([
    one.query('UPDATE account SET owner = ? WHERE id = 2', [SECRET]),
    two.query('DELETE FROM account WHERE id = 1'),
  ]);
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  const { waits } = await session.look();
  const [seen] = waits.filter(({ kind }) => kind === 'deadlock');
  expect([seen!.blocked, seen!.blocker].sort()).toEqual([
    'DELETE FROM account WHERE id = ?',
    'UPDATE account SET owner = ? WHERE id = ?',
  ]);
  expect(JSON.stringify(waits)).not.toContain(SECRET);
  expect((await session.look()).waits.filter(({ kind }) => kind === 'deadlock')).toEqual([]);
});

it('a deadlock of another database is not told', async () => {
  const session = await look(`${NAME}_sees`);
  const [one, two] = [await connect(`${NAME}_other`), await connect(`${NAME}_other`)];
  await one.beginTransaction();
  await two.beginTransaction();
  await one.query('UPDATE account SET cents = 5 WHERE id = 1');
  await two.query('UPDATE account SET cents = 6 WHERE id = 2');
  const ends = await Promise.allSettled([
    one.query('UPDATE account SET cents = 7 WHERE id = 2'),
    two.query('DELETE FROM account WHERE id = 1'),
  ]);
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect((await session.look()).waits.filter(({ kind }) => kind === 'deadlock')).toEqual([]);
});

it.each(['+05:00', '-05:00'])(
  'no wait is longer than it was where the time zone is %s',
  async (zone) => {
    const [owner, holder, waiter] = [await connect(), await connect(), await connect()];
    await owner.query('SET GLOBAL time_zone = ?', [zone]);
    const session = await look(`${NAME}_sees`);
    await owner.query("SET GLOBAL time_zone = 'SYSTEM'");
    await holder.beginTransaction();
    await holder.query('UPDATE account SET cents = 1 WHERE id = 1');
    const startMs = performance.now();
    const waiting = waiter.query('UPDATE account SET cents = 2 WHERE id = 1');
    const [seen] = (await untilOneWaits(session)).waits;
    expect(seen!.waitedS * 1000).toBeLessThanOrEqual(performance.now() - startMs);
    await holder.rollback();
    await waiting;
  },
);

it('a user without PROCESS sees nothing, and says so', async () => {
  const session = await look(`${NAME}_blind`);
  expect(session.missingRight).toMatch(/PROCESS/);
  expect(await session.look()).toEqual({ waits: [], omitted: 0 });
});

it('a server without the tables cannot tell, which is no failure, and leaves no connection', async () => {
  const words = ['innodb_lock_waits', 'innodb_lock_weeps'] as const;
  const proxy = await startWireProxy(Number(new URL(url).port), words);
  await expect(openLocks(dsnAt(proxy.port))).rejects.toThrow(UntoldError);
  const owner = await connect();
  await vi.waitFor(async () => {
    const [left] = await owner.query(
      'SELECT 1 FROM information_schema.processlist WHERE user = ?',
      [`${NAME}_sees`],
    );
    expect(left).toEqual([]);
  }, PATIENCE);
  const watch = watchLocks({
    ...{ dsn: dsnAt(proxy.port), now: Date.now, everyMs: 50 },
    log: (line) => expect.fail(line),
  });
  await vi.waitFor(() => expect(watch.state().reason).toMatch(/MySQL 8/), PATIENCE);
  expect(watch.state().state).toBe('off');
  await watch.close();
  await proxy.stop();
});

it('a server that falls silent is given up, and nothing waits behind the question', async () => {
  const proxy = await startWireProxy(Number(new URL(url).port));
  const session = await openMysql(dsnAt(proxy.port), undefined, 3000);
  expect(await session.readOnly('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  proxy.silence();
  await expect(session.readOnly('SELECT 2 AS two')).rejects.toThrow(/does not answer/);
  await expect(session.readOnly('SELECT 3 AS three')).rejects.toThrow();
  await session.close();
  await proxy.stop();
});

it('a watch of a silent server can be closed', async () => {
  const proxy = await startWireProxy(Number(new URL(url).port));
  const watch = watchLocks({
    ...{ dsn: dsnAt(proxy.port), now: Date.now, everyMs: 50 },
    log: () => {},
  });
  await vi.waitFor(() => expect(watch.state().state).toBe('ok'), PATIENCE);
  proxy.silence();
  await watch.close();
  await proxy.stop();
});
