/** Behind a pooler, whose one connection is everybody's, nothing of the advisor stays with it: a real PgBouncer. */
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { advise } from '../../../src/advisor/advise.js';
import { type Pooler, startPgbouncer } from '../../support/pgbouncer.js';
import { optionsOf } from '../options-of.js';
import { victim } from './victim.js';

const pg = createRequire(import.meta.url)('pg');
const database = victim();
let pooler: Pooler;

beforeAll(async () => {
  pooler = await startPgbouncer(database.dsn);
});
afterAll(() => pooler.stop());

async function asked(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: pooler.url(database.dsn) });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

it('the one connection of a pooler is as it was: settings, prepared statements, transactions', async () => {
  const [before] = (await asked('SELECT pg_backend_pid() AS pid')) as { pid: number }[];
  const statements = [
    'SELECT id FROM big WHERE ref = $1',
    'SELECT id FROM big WHERE ref = slow()',
    'SELECT nothing FROM nowhere WHERE ref = $1',
  ];
  const report = await advise(pooler.url(database.dsn), optionsOf(statements));
  expect(report.advice).toMatchObject([{ table: 'big' }]);
  expect(report.skipped).toHaveLength(2);
  const [after] =
    await asked(`SELECT pg_backend_pid() AS pid, current_setting('transaction_read_only') AS only,
    current_setting('statement_timeout') AS timeout, current_setting('plan_cache_mode') AS mode,
    (SELECT count(*)::int FROM pg_prepared_statements WHERE name LIKE 'tachograph%') AS prepared`);
  expect(after).toEqual({ pid: before?.pid, only: 'off', timeout: '0', mode: 'auto', prepared: 0 });
  if (database.hasHypopg) expect(await asked('SELECT * FROM hypopg()')).toEqual([]);
});
