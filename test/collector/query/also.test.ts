/** Coarser groupings from one reading are what they are when they are asked for alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { QueryRequest, QueryResult } from '../../../src/collector/query/query-request.js';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import { DURATION, durationSeries, histogramOf, makeBatch } from '../make-batch.js';

const START = Date.UTC(2026, 10, 23, 12);
const NAMES = ['http.request.method', 'http.response.status_class', 'http.route'] as const;
const openSql = await loadSqlDriver();
let folder = '';
let store: EmbeddedStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  const options = { folder, openSql, now: () => START + 600_000, runElsewhere: undefined };
  const limits = CARDINALITY_DEFAULT;
  store = new EmbeddedStore({ ...options, retention: RETENTION_DEFAULT, limits });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const pointOf = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  status: fc.constantFrom('2xx', '5xx', ''),
  route: fc.constantFrom('/a', '/b', '/c'),
  values: fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 20 }),
});
type Point = typeof pointOf extends fc.Arbitrary<infer Of> ? Of : never;

let windows = 0;
async function commit(points: readonly Point[]): Promise<void> {
  windows += 1;
  const histograms = points.map(({ method, status, route, values }) => {
    const pairs = [method, status, route].map((value, i) => [NAMES[i]!, value] as const);
    const own = pairs.filter(([, value]) => value !== '');
    return histogramOf(durationSeries(own), values);
  });
  const batch = makeBatch({ sequence: windows, startMs: START + windows * 10_000, histograms });
  await store.commit([{ batch, receivedMs: batch.closedMs }]);
}

async function asked(more: Partial<QueryRequest>): Promise<QueryResult> {
  const result = await store.query({
    ...{ metric: DURATION, service: undefined, where: [], histogram: false, limit: 100 },
    ...{ fromMs: START, toMs: START + 600_000, stepMs: undefined, level: 'raw', group: NAMES },
    ...more,
  });
  return result!;
}

it('whatever is recorded, and whether or not percentiles are wanted', async () => {
  const also = [['http.route'], ['http.request.method', 'http.route'], []];
  const windowsOf = fc.array(pointOf, { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(windowsOf, fc.boolean(), async (points, percentiles) => {
      await commit(points);
      const all = await asked({ also, percentiles });
      const alone = await Promise.all(also.map((group) => asked({ group, percentiles })));
      expect(all.also).toEqual(alone.map(({ groups }) => groups));
    }),
    { numRuns: 30 },
  );
});

it('but where there are more groups than the limit, for those are not all', async () => {
  const routes = ['/a', '/b'] as const;
  await commit(routes.map((route) => ({ method: 'GET', status: '', route, values: [1] })));
  expect((await asked({ also: [['http.route']], limit: 1 })).also).toBeUndefined();
  expect((await asked({ also: [['http.route']], limit: 2 })).also).toHaveLength(1);
});
