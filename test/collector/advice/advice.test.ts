/** The collector looks at a database by itself: what it serves, keeps, and judges by plans. Real SQLite, real batches. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AdviceAnswer } from '../../../src/collector/advice/start-advice.js';
import {
  type Collector,
  type CollectorOptions,
  startCollector,
} from '../../../src/collector/start-collector.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import type { BudgetRow } from '../../../src/collector/views/budget-states.js';
import {
  DB_CLIENT_OPERATION_DURATION,
  QUERY_CLASS,
  QUERY_TEXT,
} from '../../../src/shared/database-metrics.js';
import { histogramOf, makeBatch, send } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 27, 12);
const WHOLE = 'SELECT id FROM orders WHERE ref = ?';
const BY_KEY = 'SELECT ref FROM orders WHERE id = ?';
/** A look takes ms, on a busy machine seconds. */
const PATIENCE = { timeout: 40_000 };
const place = mkdtempSync(join(tmpdir(), 'tachograph-advice-'));
const file = join(place, 'shop.db');
const dsn = `sqlite:${file}`;
let collector: Collector | undefined;

beforeAll(async () => {
  const database = (await loadSqlDriver())(file);
  database.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY, ref INTEGER, name TEXT)');
  database.exec(`WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 30000)
    INSERT INTO orders SELECT i, i * 7919 % 9973, 'n' || i FROM c`);
  database.close();
});
afterEach(() => collector?.close());
afterAll(() => rmSync(place, { recursive: true }));

async function start(folder: string, more: Partial<CollectorOptions> = {}): Promise<string> {
  collector = await startCollector({
    folder: join(place, folder),
    port: 0,
    queryThreads: 0,
    now: () => NOW,
    log: () => {},
    adviseTimes: { firstMs: 50, everyMs: 100, clock: { nowMs: () => 0, sleepMs: async () => {} } },
    ...more,
  });
  return collector.url;
}

async function get<Answer>(url: string): Promise<Answer> {
  return (await (await fetch(url)).json()) as Answer;
}

const adviceAt = (url: string) => get<AdviceAnswer>(`${url}/v1/advice`);

/** 20 calls each, in µs. */
async function sendQueries(url: string): Promise<void> {
  const { name, unit, scale } = DB_CLIENT_OPERATION_DURATION;
  const histograms = [
    [WHOLE, 700_000],
    [BY_KEY, 1000],
  ].map(([text, valueUs]) =>
    histogramOf(
      {
        ...{ name, unit, scale, kind: 'histogram' as const },
        attributes: [
          ['db.collection.name', 'orders'],
          ['db.operation.name', 'SELECT'],
          [QUERY_TEXT, String(text)],
          ['db.system.name', 'sqlite'],
          [QUERY_CLASS, 'simple'],
        ],
      },
      Array.from({ length: 20 }, () => Number(valueUs)),
    ),
  );
  const answer = await send(
    url,
    makeBatch({ startMs: NOW - 60_000, histograms, routes: { '/orders': [800_000] } }),
  );
  expect(answer.status).toBe(200);
}

describe('GET /v1/advice', () => {
  it('says that no database was named', async () => {
    const url = await start('off');
    expect(await adviceAt(url)).toMatchObject({
      advice: [],
      state: 'off',
      locks: { state: 'off' },
      reason: expect.stringContaining('--advise-dsn'),
      atMs: null,
    });
  });

  it('has what the statements that were received would gain from, and keeps it over a restart', async () => {
    const url = await start('on', { adviseDsn: dsn });
    await sendQueries(url);
    await expect.poll(async () => (await adviceAt(url)).advice.length, PATIENCE).toBeGreaterThan(0);
    const answer = await adviceAt(url);
    expect(answer).toMatchObject({
      state: 'ok',
      atMs: NOW,
      advice: [
        {
          kind: 'missing_index',
          database: 'shop.db',
          table: 'orders',
          query: WHOLE,
          ddl: 'CREATE INDEX orders_ref_idx ON orders (ref);',
        },
      ],
    });
    await collector?.close();
    const again = await start('on', { adviseDsn: dsn, adviseTimes: { firstMs: 600_000 } });
    expect(await adviceAt(again)).toEqual(answer);
  });

  it('is also a recommendation', async () => {
    const url = await start('recommended', { adviseDsn: dsn });
    await sendQueries(url);
    await expect.poll(async () => (await adviceAt(url)).advice.length, PATIENCE).toBeGreaterThan(0);
    const { recommendations } = await get<{ recommendations: { type: string; fix: object }[] }>(
      `${url}/v1/recommendations`,
    );
    expect(recommendations).toContainEqual(
      expect.objectContaining({
        type: 'missing_index',
        fix: expect.objectContaining({ code: 'CREATE INDEX orders_ref_idx ON orders (ref);' }),
      }),
    );
  });

  it('says why a database cannot be looked at', async () => {
    const url = await start('failed', { adviseDsn: `sqlite:${place}/none.db` });
    await expect.poll(async () => (await adviceAt(url)).state, PATIENCE).toBe('failed');
    expect((await adviceAt(url)).reason).toContain('expected a SQLite file');
  });
});

it('the times of statements are judged by how their plans read tables', async () => {
  const url = await start('budgets', { adviseDsn: dsn });
  const budget = async (name: string) =>
    (await get<{ budgets: BudgetRow[] }>(`${url}/v1/budgets`)).budgets.find(
      (row) => row.name === name,
    );
  expect(await budget('table_scan')).toMatchObject({ state: 'no data' });
  await sendQueries(url);
  await expect.poll(async () => (await budget('table_scan'))?.state, PATIENCE).toBe('breach');
  expect(await budget('table_scan')).toMatchObject({
    value: 700,
    valueLimit: 500,
    attributes: { [QUERY_TEXT]: WHOLE },
    groups: 1,
  });
  expect(await budget('index_scan')).toMatchObject({
    state: 'ok',
    value: 1,
    attributes: { [QUERY_TEXT]: BY_KEY },
    groups: 1,
  });
});
