/** A collector that is asked more than its threads can answer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openDashboard } from '../../src/collector/dashboard/dashboard.js';
import { createApp } from '../../src/collector/http/create-app.js';
import { createByteBudget } from '../../src/collector/ingest/byte-budget.js';
import { openRecommendationBook } from '../../src/collector/recommendations/book.js';
import { RETENTION_DEFAULT } from '../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../src/collector/store/file-index.js';
import { loadSqlDriver } from '../../src/collector/store/sql-driver.js';
import { runOnPools } from '../../src/collector/store/task-pool.js';
import { openTokenBook } from '../../src/collector/tokens/token-book.js';
import { createQueryPool, WAITING_MAX } from '../../src/workers/query-pool.js';
import { makeBatch } from './make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
/** Ten minutes of 50 series: more than the main thread takes upon itself. */
const QUERY = '/v1/query?metric=http.server.request.duration&from=-10m';
const MODULE = new URL('../fixtures/apps/query-thread.mjs', import.meta.url);

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

it('answers 503 with Retry-After while the queue of queries is full, and the data afterwards', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const log: string[] = [];
  const pool = createQueryPool(MODULE, 1, (line) => log.push(line));
  cleanups.push(() => pool.close());
  const store = new EmbeddedStore({
    folder,
    openSql: await loadSqlDriver(),
    now: () => NOW,
    retention: RETENTION_DEFAULT,
    limits: CARDINALITY_DEFAULT,
    runElsewhere: runOnPools(pool, pool),
  });
  cleanups.push(() => store.close());
  const app = createApp({
    store,
    ingest: {
      store,
      commit: () => expect.fail(),
      rateLimit: () => 0,
      budget: createByteBudget(0),
      now: () => NOW,
    },
    host: '127.0.0.1',
    allowedHosts: [],
    dashboard: openDashboard({
      access: () => undefined,
      book: openTokenBook(folder, [], (line) => log.push(line)),
      now: () => NOW,
    }),
    book: openRecommendationBook(folder, (line) => log.push(line)),
    retention: RETENTION_DEFAULT,
    now: () => NOW,
    log: (line) => log.push(line),
  });
  const ask = () => app.request(QUERY, { headers: { host: 'localhost' } });
  const routes = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`/r${i}`, [1000 + i]]));
  await store.commit([{ batch: makeBatch({ startMs: NOW - 10_000, routes }), receivedMs: NOW }]);

  const memory = new SharedArrayBuffer(4);
  const before = Array.from({ length: 1 + WAITING_MAX }, () => pool.run(memory));
  const refused = await ask();
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({
    error: { code: 'store_busy', message: expect.stringContaining(String(WAITING_MAX)) },
  });

  const word = new Int32Array(memory);
  Atomics.store(word, 0, 1);
  Atomics.notify(word, 0);
  await Promise.all(before);
  const taken = await ask();
  expect(taken.status).toBe(200);
  expect(await taken.json()).toMatchObject({ groups: [{ total: { count: 50 } }] });
  expect(log).toEqual([]);
});
