/**
 * Four weeks of the example ERP, an hour at a time, through the collector's real ingest: batches with real histograms,
 * sent when their hour was over, with the collector's clock moved along and its maintenance run each day. What changes,
 * and when, is planted here and nowhere else.
 */
import type { Collector } from '../../../src/collector/start-collector.js';
import { createRandom, type Random } from '../../../src/collector/statistics/random.js';
import { OPERATION_DURATION } from '../../../src/shared/application-metrics.js';
import { QUERY_TEXT } from '../../../src/shared/database-metrics.js';
import { STALL_EVENT } from '../../../src/shared/stall-event.js';
import type { Attributes, Batch, HistogramPoint } from '../../../src/transport/batch.js';
import { findingEvent } from '../../../src/transport/finding-event.js';
import { DAY_MS, HOUR_MS, histogramOf, makeBatch, routeSeries, send } from '../make-batch.js';
import { normal } from '../statistics/simulated-traffic.js';

/** Monday of 2026-W44, 00:00 UTC. */
export const FIRST_MONDAY_MS = Date.UTC(2026, 9, 26);
export const WEEKS = 4;

export const ORDER_PAGE = 'GET /sales/orders/:id';
export const LINES_QUERY =
  'SELECT l.id, l.product_id, l.quantity FROM sales_order_lines l WHERE l.order_id = $1';
export const FORECAST = 'GET /api/finance/forecast';
export const FORECAST_OPERATION = 'financial_report_generate';
export const NEW_ROUTE = 'GET /inventory/lots/:lot';
export const GONE_ROUTE = 'GET /sales/export';
export const ORDER_LINE = { file: 'sales/load-order-page.js', line: 24, function: 'loadOrderPage' };
export const FORECAST_LINE = { file: 'finance/forecast-margin.js', line: 21, function: 'simulate' };

/** 2.4.0 makes the order page ask for each line; 2.4.1 mends it and brings a route. */
export const BROKEN_AT_MS = Date.UTC(2026, 10, 11, 13, 20);
export const MENDED_AT_MS = Date.UTC(2026, 10, 17, 9, 10);
/** Nobody deployed: the data of the forecast has grown. */
export const BLOCKED_AT_MS = Date.UTC(2026, 10, 19, 10, 0);

/** Monday of 2026-W47. */
const GONE_AT_MS = Date.UTC(2026, 10, 16);

const DAY = [1, 1, 1, 1, 1, 2, 6, 12, 22, 26, 27, 25, 18, 22, 26, 26, 24, 18, 10, 6, 5, 4, 3, 2];
const WEEKDAYS = [1.15, 1.1, 1.05, 1.05, 1, 0.35, 0.3];

interface Row {
  readonly name: string;
  /** Of 26 in the busiest hour. */
  readonly share: number;
  readonly medianUs: number;
  readonly factorAt?: (timeMs: number) => number;
  readonly isThere?: (timeMs: number) => boolean;
}

const isBroken = (timeMs: number): boolean => timeMs >= BROKEN_AT_MS && timeMs < MENDED_AT_MS;
const isBlocked = (timeMs: number): boolean => timeMs >= BLOCKED_AT_MS;

const ROUTES: readonly Row[] = [
  { name: ORDER_PAGE, share: 12, medianUs: 60_000, factorAt: (at) => (isBroken(at) ? 1.5 : 1) },
  { name: 'GET /sales/orders', share: 14, medianUs: 35_000 },
  { name: 'POST /api/sales/orders', share: 6, medianUs: 90_000 },
  { name: 'GET /inventory/products', share: 10, medianUs: 25_000 },
  { name: 'GET /production/orders/:id', share: 8, medianUs: 40_000 },
  { name: FORECAST, share: 4, medianUs: 180_000, factorAt: (at) => (isBlocked(at) ? 1.4 : 1) },
  { name: NEW_ROUTE, share: 3, medianUs: 20_000, isThere: (at) => at >= MENDED_AT_MS },
  { name: GONE_ROUTE, share: 3, medianUs: 50_000, isThere: (at) => at < GONE_AT_MS },
];
const QUERIES: readonly Row[] = [
  { name: LINES_QUERY, share: 14, medianUs: 12_000, factorAt: (at) => (isBroken(at) ? 1.8 : 1) },
  { name: 'SELECT id, name FROM customers WHERE id = $1', share: 16, medianUs: 3000 },
  { name: 'SELECT id, sku FROM products ORDER BY id LIMIT $1', share: 10, medianUs: 9000 },
  { name: 'INSERT INTO audit_log (entity, action) VALUES ($1, $2)', share: 8, medianUs: 4000 },
];
const OPERATIONS: readonly Row[] = [
  {
    name: FORECAST_OPERATION,
    share: 4,
    medianUs: 170_000,
    factorAt: (at) => (isBlocked(at) ? 1.4 : 1),
  },
  { name: 'sales_order_process', share: 6, medianUs: 80_000 },
  { name: 'inventory_calculation', share: 5, medianUs: 45_000 },
];
const MODULES: Readonly<Record<string, string>> = {
  [FORECAST_OPERATION]: 'finance',
  sales_order_process: 'sales',
  inventory_calculation: 'inventory',
};

export async function playWeeks(
  collector: Collector,
  setNow: (nowMs: number) => void,
  seed = 7,
): Promise<void> {
  const random = createRandom(seed, 'erp');
  const noise = new Map<string, number>();
  let boot = 0;
  let version = '';
  let sequence = 0;
  let recorded = 0;
  for (let hour = 0; hour < WEEKS * 168; hour++) {
    const startMs = FIRST_MONDAY_MS + hour * HOUR_MS;
    for (const [fromMs, toMs] of partsOf(startMs)) {
      const running = versionAt(fromMs);
      if (running !== version) {
        version = running;
        boot += 1;
        sequence = 0;
        recorded = 0;
      }
      sequence += 1;
      setNow(toMs);
      const parts = { boot: `boot-${boot}`, version, sequence };
      const batch = batchOf(fromMs, toMs, parts, random, noise, recorded);
      recorded += batch.records;
      const answer = await send(collector.url, batch);
      if (!answer.ok) throw new Error(`refused: ${await answer.text()}`);
    }
    if (hour % 24 === 23) await collector.store.maintain();
  }
  setNow(FIRST_MONDAY_MS + WEEKS * 7 * DAY_MS + 6 * HOUR_MS);
  await collector.store.maintain();
}

/** An hour, in two parts where a deploy falls into it: a process has one version. */
function partsOf(startMs: number): [number, number][] {
  const endMs = startMs + HOUR_MS;
  const cut = [BROKEN_AT_MS, MENDED_AT_MS].find((at) => at > startMs && at < endMs);
  return cut === undefined
    ? [[startMs, endMs]]
    : [
        [startMs, cut],
        [cut, endMs],
      ];
}

function versionAt(timeMs: number): string {
  if (timeMs >= MENDED_AT_MS) return '2.4.1';
  return timeMs >= BROKEN_AT_MS ? '2.4.0' : '2.3.7';
}

function batchOf(
  fromMs: number,
  toMs: number,
  parts: { boot: string; version: string; sequence: number },
  random: Random,
  noise: Map<string, number>,
  recordedBefore: number,
): Batch {
  const hour = Math.floor((fromMs - FIRST_MONDAY_MS) / HOUR_MS);
  const load = DAY[hour % 24]! * WEEKDAYS[Math.floor(hour / 24) % 7]! * ((toMs - fromMs) / HOUR_MS);
  const burst = Math.exp(0.1 * normal(random)) * (random() < 0.02 ? 2 : 1);
  const points = (rows: readonly Row[], series: (name: string) => HistogramPoint['series']) =>
    rows.flatMap((row): HistogramPoint[] => {
      if (row.isThere?.(fromMs) === false) return [];
      const level = 0.5 * (noise.get(row.name) ?? 0) + 0.02 * normal(random);
      noise.set(row.name, level);
      const count = Math.max(1, Math.round(load * burst * row.share));
      const median = row.medianUs * Math.exp(level) * (row.factorAt?.(fromMs) ?? 1);
      return [histogramOf(series(row.name), latencies(count, median, random))];
    });
  const batch = makeBatch({
    agent: 'erp-1:4711',
    service: 'erp',
    startMs: fromMs,
    closedMs: toMs,
    ...parts,
    histograms: [
      ...points(ROUTES, routeOf),
      ...points(QUERIES, querySeries),
      ...points(OPERATIONS, operationSeries),
    ],
    events: eventsOf(fromMs, toMs),
  });
  const recorded = recordedBefore + batch.records;
  const ledger = { recorded, delivered: recordedBefore, pending: batch.records, dropped: {} };
  return { ...batch, durationMs: toMs - fromMs, ledger };
}

function latencies(count: number, medianUs: number, random: Random): number[] {
  return Array.from({ length: count }, () => {
    const outlier = random() < 0.001 ? 8 : 1;
    return Math.max(1, Math.round(medianUs * outlier * Math.exp(0.35 * normal(random))));
  });
}

function routeOf(name: string): HistogramPoint['series'] {
  const [method, route] = name.split(' ') as [string, string];
  const series = routeSeries(route);
  const attributes: Attributes = [
    ['http.request.method', method],
    ['http.response.status_class', '2xx'],
    ['http.route', route],
  ];
  return { ...series, attributes };
}

function querySeries(text: string): HistogramPoint['series'] {
  const attributes: Attributes = [
    [QUERY_TEXT, text],
    ['db.system.name', 'postgresql'],
  ];
  return {
    name: 'db.client.operation.duration',
    kind: 'histogram',
    unit: 's',
    scale: 1e6,
    attributes,
  };
}

function operationSeries(name: string): HistogramPoint['series'] {
  const { unit, scale } = OPERATION_DURATION;
  const attributes: Attributes = [
    ['tachograph.module', MODULES[name]!],
    ['tachograph.operation.name', name],
  ];
  return { name: OPERATION_DURATION.name, kind: 'histogram', unit, scale, attributes };
}

/** What agents tell besides: the order page's N+1 while it is there, and blocks by the forecast. */
function eventsOf(fromMs: number, toMs: number): Batch['events'] {
  const events: Batch['events'][number][] = [];
  if (isBroken(fromMs)) {
    const attributes = { 'http.request.method': 'GET', 'http.route': '/sales/orders/:id' };
    const finding = {
      kind: 'n_plus_one',
      attributes,
      system: 'postgresql',
      query: LINES_QUERY,
      parentQuery: 'SELECT id FROM sales_orders WHERE id = $1',
      requests: 20,
      calls: 400,
      totalUs: 6_000_000,
      wastedUs: 5_000_000,
      rows: 400,
      errorType: undefined,
      confidence: 'high',
      place: { ...ORDER_LINE, stack: '' },
      orm: undefined,
      traceId: undefined,
    } as const;
    events.push(findingEvent(finding, toMs - 1000));
  }
  if (isBlocked(fromMs)) {
    events.push({
      timeMs: toMs - 1000,
      name: STALL_EVENT,
      attributes: [
        ['code.file.path', FORECAST_LINE.file],
        ['code.function.name', FORECAST_LINE.function],
        ['code.line.number', String(FORECAST_LINE.line)],
        ['nodejs.eventloop.stall.duration', '0.350'],
        ['nodejs.eventloop.stall.id', String(fromMs)],
        ['nodejs.eventloop.stall.state', 'ended'],
      ],
    });
  }
  return events;
}
