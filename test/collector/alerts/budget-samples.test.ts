/** Budgets out of a real store, as a look of the rules asks for them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { QueryPlan } from '../../../src/advisor/advice.js';
import type { RunningAdvice } from '../../../src/collector/advice/start-advice.js';
import { budgetSamples } from '../../../src/collector/alerts/budget-samples.js';
import { SampleList } from '../../../src/collector/alerts/sample-list.js';
import { recentRange } from '../../../src/collector/alerts/stats-by-time.js';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import { DB_CLIENT_OPERATION_DURATION, QUERY_TEXT } from '../../../src/shared/database-metrics.js';
import { histogramOf, makeBatch } from '../make-batch.js';

const T0 = Date.UTC(2026, 10, 23, 12);
const WHOLE = 'SELECT * FROM lots';
const KEYED = 'SELECT * FROM lots WHERE id = ?';
let folder = '';
let store: EmbeddedStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  const [openSql, now] = [await loadSqlDriver(), () => T0];
  const parts = { retention: RETENTION_DEFAULT, limits: CARDINALITY_DEFAULT };
  store = new EmbeddedStore({ folder, openSql, now, ...parts, runElsewhere: undefined });
  const { name, unit, scale } = DB_CLIENT_OPERATION_DURATION;
  const of = (text: string, ms: number) => {
    const attributes = [
      ['db.system.name', 'postgresql'],
      [QUERY_TEXT, text],
    ] as const;
    const series = { name, kind: 'histogram', unit, scale, attributes } as const;
    return histogramOf(
      series,
      Array.from({ length: 30 }, () => (ms * scale) / 1000),
    );
  };
  const batch = makeBatch({ startMs: T0 - 10_000, histograms: [of(WHOLE, 900), of(KEYED, 2)] });
  await store.commit([{ batch, receivedMs: T0 }]);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function scansOf(plans: readonly QueryPlan[]) {
  const byText = new Map(plans.map((plan) => [plan.text, plan]));
  const advice = { plans: () => byText } as unknown as RunningAdvice;
  const source = { store, retention: RETENTION_DEFAULT, now: () => T0, advice };
  const samples = new SampleList();
  const wanted = new Set(['index_scan', 'table_scan']);
  await budgetSamples(source, recentRange(T0 - 60_000, T0), wanted, new Map(), samples);
  return samples.all.map(({ metric, attributes, value }) => [
    metric,
    attributes[QUERY_TEXT],
    Math.round(value),
  ]);
}

it('of how tables are read are judged by the plans that the advisor saw', async () => {
  const plans: QueryPlan[] = [
    { text: WHOLE, scans: ['table_scan'], cost: 9 },
    { text: KEYED, scans: ['index_scan'], cost: 1 },
  ];
  expect((await scansOf(plans)).sort()).toEqual([
    ['index_scan', KEYED, 2],
    ['table_scan', WHOLE, 900],
  ]);
});

it('of how tables are read are not judged without plans', async () => {
  expect(await scansOf([])).toEqual([]);
});
