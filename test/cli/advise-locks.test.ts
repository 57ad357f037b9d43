/** `tachograph advise --locks` on a real PostgreSQL: what it prints, its exit codes, and names that would do harm. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService } from '../../scripts/services.js';
import { type LocksSeen, renderLocks } from '../../src/cli/advise-locks.js';
import { MAIN } from '../support/collector-process.js';

const START_MS_MAX = 300_000;
const TEST_MS_MAX = 60_000;
let url = '';
let stop = async (): Promise<void> => {};
let holder: pg.Client;
let waiter: pg.Client;

beforeAll(async () => {
  const service = await startService('postgres');
  ({ url, stop } = service);
  [holder, waiter] = [url, url].map((connectionString) => new pg.Client({ connectionString })) as [
    pg.Client,
    pg.Client,
  ];
  for (const client of [holder, waiter]) await client.connect();
  await holder.query('CREATE TABLE stock (id int PRIMARY KEY, n int)');
  await holder.query('INSERT INTO stock VALUES (1, 4711)');
}, START_MS_MAX);
afterAll(async () => {
  await holder.end();
  await waiter.end();
  await stop();
});

async function advise(...args: string[]): Promise<{ stdout: string; code: number }> {
  const all = [MAIN, 'advise', '--dsn', url, '--locks', '1', ...args];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, all);
    return { stdout, code: 0 };
  } catch (error) {
    const { stdout, code } = error as { stdout: string; code: number };
    return { stdout, code };
  }
}

it(
  'where nobody waits it ends with 0, and else with 1 and both statements without values',
  async () => {
    const calm = await advise();
    expect([calm.code, calm.stdout]).toMatchObject([0, expect.stringContaining('Nobody was seen')]);
    await holder.query('BEGIN');
    await holder.query('DELETE FROM stock WHERE n = 4711');
    const waiting = waiter.query('UPDATE stock SET n = 4712 WHERE id = 1');
    const { stdout, code } = await advise('--format', 'json');
    await holder.query('ROLLBACK');
    await waiting;
    expect(code).toBe(1);
    const [pair] = (JSON.parse(stdout) as LocksSeen).pairs;
    expect(pair).toMatchObject({
      blocked: 'UPDATE stock SET n = ? WHERE id = ?',
      blocker: 'DELETE FROM stock WHERE n = ?',
      blockerState: 'idle',
      waits: 1,
    });
    expect(stdout).not.toMatch(/471/);
  },
  TEST_MS_MAX,
);

it('a name in a statement moves no cursor', () => {
  const times = { waits: 1, waitedS: 1, longestS: 1, firstMs: 0, lastMs: 0 };
  const pair = { kind: 'lock_wait', system: 'postgresql', blockerState: 'idle', ...times } as const;
  const seen = {
    ...{ watchedS: 1, looks: 1, omitted: 0, missingRight: null },
    pairs: [{ ...pair, blocked: 'UPDATE "a\u001b[2Jb"', blocker: null }],
  };
  const text = renderLocks(seen, (_style, plain) => plain);
  expect(text).not.toContain('\u001b');
  expect(text).toContain('(the server does not tell)');
});
