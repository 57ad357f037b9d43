/** The database of a day: what a cache is asked is not what a database is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DailyReport } from '../../../src/collector/reports/report-model.js';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { DB_CLIENT_OPERATION_DURATION } from '../../../src/shared/database-metrics.js';
import type { Attributes, HistogramPoint } from '../../../src/transport/batch.js';
import { HOUR_MS, histogramOf, makeBatch, send } from '../make-batch.js';

const AT_MS = Date.UTC(2026, 10, 22, 12);
const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
let nowMs = AT_MS;
let collector: Collector;

function asked(attributes: Attributes, count: number, us: number): HistogramPoint {
  const { name, unit, scale } = DB_CLIENT_OPERATION_DURATION;
  const series = { name, unit, scale, kind: 'histogram' as const, attributes };
  return histogramOf(series, Array<number>(count).fill(us));
}

beforeAll(async () => {
  collector = await startCollector({
    ...{ folder, port: 0, queryThreads: 0, maintenanceMs: HOUR_MS, reports: { zone: 'UTC' } },
    now: () => nowMs,
    monotonicMs: () => nowMs,
  });
  const query = (system: string, text: string): Attributes => [
    ['db.query.text', text],
    ['db.system.name', system],
  ];
  const command = (system: string, name: string): Attributes => [
    ['db.operation.name', name],
    ['db.system.name', system],
  ];
  const histograms = [
    asked(query('postgresql', 'SELECT a FROM t'), 90, 10_000),
    asked(query('mysql', 'SELECT b FROM u'), 10, 200_000),
    asked(command('redis', 'GET'), 5000, 100),
    asked(command('redis', 'BZPOPMIN'), 400, 5_000_000),
    asked(command('memcached', 'get'), 5000, 100),
  ];
  await send(
    collector.url,
    makeBatch({ startMs: AT_MS - 20_000, routes: { '/': [1000] }, histograms }),
  );
  nowMs = AT_MS + 24 * HOUR_MS;
});
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

it('its queries, their mean and the slow ones are without the commands of caches', async () => {
  const response = await fetch(`${collector.url}/v1/reports/daily?date=2026-11-22`);
  const { database } = (await response.json()) as DailyReport;
  expect(database).toMatchObject({ queries: 100, slowQueries: 10 });
  expect(database.mean).toBeCloseTo(0.029, 9);
  expect(database.p95).toBeCloseTo(0.2, 2);
  const names = database.costliest.map(({ name }) => name);
  expect(names).toEqual(['SELECT b FROM u', 'SELECT a FROM t']);
  expect(database.costliest[0]!.share).toBeCloseTo(2 / 2.9, 3);
});
