import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Advice } from '../../../src/advisor/advice.js';
import { openRecommendationBook } from '../../../src/collector/recommendations/book.js';
import {
  type Recommendations,
  recommendationsOf,
} from '../../../src/collector/recommendations/recommendations-of.js';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import {
  DB_CLIENT_CONNECTION_COUNT,
  DB_CLIENT_CONNECTION_MAX,
  DB_CLIENT_CONNECTION_WAIT_TIME,
  DB_CLIENT_OPERATION_DURATION,
  QUERY_CLASS,
  QUERY_TEXT,
} from '../../../src/shared/database-metrics.js';
import type { Metric } from '../../../src/shared/metric.js';
import type { Attributes } from '../../../src/transport/batch.js';
import { findingEvent } from '../../../src/transport/finding-event.js';
import { traceEvent } from '../../../src/transport/trace-event.js';
import { histogramOf, makeBatch, send } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const COUNTRIES = 'SELECT name FROM countries';
const LINES = 'SELECT a FROM lines WHERE order_id = ?';
const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
let collector: Collector;

function series(metric: Metric, attributes: Attributes) {
  const { name, unit, scale } = metric;
  return { name, kind: 'histogram', unit, scale, attributes } as const;
}

function gauge(metric: Metric, attributes: Attributes, value: number) {
  const { name, unit, scale } = metric;
  const of = { name, kind: 'gauge', unit, scale, attributes } as const;
  return { series: of, count: 1, sum: value, min: value, max: value, last: value };
}

function query(text: string, values: readonly number[]) {
  const attributes: Attributes = [
    ['db.collection.name', 'countries'],
    [QUERY_TEXT, text],
    ['db.operation.name', 'SELECT'],
    ['db.system.name', 'postgresql'],
    [QUERY_CLASS, 'simple'],
  ];
  return histogramOf(series(DB_CLIENT_OPERATION_DURATION, attributes), values);
}

function slowTrace(i: number) {
  const attributes = { 'db.system.name': 'postgresql', [QUERY_TEXT]: LINES };
  const span = { name: DB_CLIENT_OPERATION_DURATION.name, attributes, startUs: 0, detail: 1 };
  return traceEvent({
    timeMs: NOW - 15_000 + i,
    traceId: String(i).padStart(32, '0'),
    spanId: '0'.repeat(16),
    parentId: undefined,
    reason: 'queries',
    attributes: { 'http.request.method': 'GET', 'http.route': '/orders' },
    durationUs: 500_000,
    statusCode: 200,
    queries: 21,
    queryTimeUs: 400_000,
    middlewareTimeUs: 0,
    clientCalls: 0,
    cacheHits: 0,
    cacheMisses: 0,
    spans: Array.from({ length: 21 }, () => ({ ...span, durationUs: 10_000 })),
    omitted: 0,
  });
}

/** With the line that makes them: the route of the traces, so that they say no more of it. */
const finding = findingEvent(
  {
    kind: 'n_plus_one',
    attributes: { 'http.request.method': 'GET', 'http.route': '/orders' },
    system: 'postgresql',
    query: LINES,
    parentQuery: 'SELECT * FROM orders',
    requests: 50,
    calls: 1000,
    totalUs: 10_000_000,
    wastedUs: 9_500_000,
    rows: 1,
    errorType: undefined,
    confidence: 'high',
    place: { file: 'src/orders.js', line: 12, function: 'listOrders', stack: '' },
    orm: undefined,
    traceId: undefined,
  },
  NOW - 15_000,
);

const POOL: Attributes = [['db.client.connection.pool.name', 'main']];
const USED: Attributes = [...POOL, ['db.client.connection.state', 'used']];

beforeAll(async () => {
  collector = await startCollector({ folder, port: 0, queryThreads: 0, now: () => NOW });
  const fifty = (us: number): number[] => Array.from({ length: 50 }, () => us);
  await send(
    collector.url,
    makeBatch({
      startMs: NOW - 20_000,
      routes: { '/orders': fifty(500_000), '/fast': fifty(5000) },
      histograms: [
        query(COUNTRIES, [...fifty(4000), ...fifty(4000)]),
        histogramOf(series(DB_CLIENT_CONNECTION_WAIT_TIME, POOL), fifty(30_000)),
      ],
      gauges: [
        gauge(DB_CLIENT_CONNECTION_COUNT, USED, 10),
        gauge(DB_CLIENT_CONNECTION_MAX, POOL, 10),
      ],
      events: [slowTrace(1), slowTrace(2)],
    }),
  );
});
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

async function ask(rest = ''): Promise<Recommendations> {
  const response = await fetch(`${collector.url}/v1/recommendations${rest}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Recommendations;
}

it('what is stored becomes recommendations: the pressing first, with figures of a day', async () => {
  const { recommendations, services } = await ask();
  expect(services).toEqual([{ service: 'shop', recordedMs: 60_000, requests: 100 }]);
  const of = (type: string) => recommendations.find((one) => one.type === type);
  expect(of('n_plus_one')).toMatchObject({
    priority: 'high',
    route: 'GET /orders',
    query: LINES,
    status: 'open',
    saved: null,
    service: 'shop',
  });
  // 20 of 21 calls of 10 ms, 50 requests in the minute that counts
  expect(of('n_plus_one')?.costPerDay).toBeCloseTo(20 * 0.01 * 50 * 1440, 3);
  expect(of('cache_read')?.costPerDay).toBeCloseTo(0.4 * 0.9 * 1440, 3);
  expect(of('pool_too_small')?.costPerDay).toBeCloseTo(1.5 * 1440, 3);
  expect(of('slow_route')).toMatchObject({ route: 'GET /orders' });
  const order = recommendations.map(({ priority }) => ['high', 'medium', 'low'].indexOf(priority));
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

it('ids are the same the next time, and no two the same', async () => {
  const ids = (await ask()).recommendations.map(({ id }) => id);
  expect((await ask()).recommendations.map(({ id }) => id)).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[0]).toMatch(/^[0-9a-f]{12}$/);
});

it('a limit holds, and of a service that is not there nothing is said', async () => {
  expect((await ask('?limit=2')).recommendations).toHaveLength(2);
  expect(await ask('?service=other')).toMatchObject({ recommendations: [], services: [] });
});

describe('what others find out', () => {
  const source = () => ({ store: collector.store, retention: RETENTION_DEFAULT, now: () => NOW });
  const request = { service: undefined, fromMs: NOW - 60_000, toMs: NOW, limit: 100 };
  const book = () => openRecommendationBook(join(folder), () => {});

  it('advice of a connected database is a recommendation with its DDL', async () => {
    const advice: Advice = {
      id: 'a',
      kind: 'missing_index',
      database: 'erp',
      table: 'countries',
      query: COUNTRIES,
      ddl: 'CREATE INDEX ON countries (name)',
      gain: 4,
      confidence: 'high',
      evidence: [],
      writeCost: null,
    };
    const locks = { state: 'ok' as const, reason: null, omitted: 0 };
    const answer = { advice: [advice], state: 'ok' as const, reason: null, atMs: null, locks };
    const running = {
      latest: () => answer,
      plans: () => new Map(),
      locks: { state: () => locks, sinceMs: 0, pairs: () => [], close: async () => {} },
      close: async () => {},
    };
    const of = await recommendationsOf({ ...source(), advice: running }, book(), request);
    const found = of.recommendations.find(({ type }) => type === 'missing_index');
    expect(found).toMatchObject({ fix: { code: advice.ddl }, query: COUNTRIES });
    expect(found?.costPerDay).toBeCloseTo(0.4 * 0.75 * 1440, 3);
  });

  it('a finding of the agents names its line, in the place of what traces suggest', async () => {
    const startMs = NOW - 20_000;
    const batch = makeBatch({ startMs, sequence: 2, events: [finding] });
    expect((await send(collector.url, batch)).status).toBe(200);
    const of = await recommendationsOf(source(), book(), request);
    const found = of.recommendations.filter(({ type }) => type === 'n_plus_one');
    expect(found).toMatchObject([
      { confidence: 'high', code: { file: 'src/orders.js', line: 12 }, route: 'GET /orders' },
    ]);
    expect(found[0]?.costPerDay).toBeGreaterThan(0);
  });
});
