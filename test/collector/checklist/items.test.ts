import { describe, expect, it } from 'vitest';
import type { Checklist } from '../../../src/collector/checklist/checklist.js';
import { listsOf } from '../../../src/collector/checklist/checklist-of.js';
import type { Evidence } from '../../../src/collector/recommendations/evidence/evidence.js';
import { rankedOf } from '../../../src/collector/recommendations/rank.js';
import type { BudgetRow } from '../../../src/collector/views/budget-states.js';
import type { RouteLayer } from '../../../src/collector/views/route-layers.js';
import { BUDGETS } from '../../../src/shared/budgets.js';
import {
  makeCalls,
  makeEvidence,
  makeFinding,
  makeLayers,
  makeQuery,
  makeRoute,
} from '../recommendations/make-evidence.js';

function evaluated(evidence: Evidence): Checklist[] {
  const recommendations = rankedOf(evidence).map(({ recommendation }) => recommendation);
  return listsOf([{ evidence, recommendations }]);
}

function itemOf(name: string, parts: Partial<Evidence>) {
  const items = evaluated(makeEvidence(parts)).flatMap((list) => list.items);
  return items.find(({ item }) => item === name);
}

function budget(name: string, state: BudgetRow['state'], value: number): BudgetRow {
  const { layer, unit, statistic, limit } = BUDGETS.find((row) => row.name === name)!;
  const rest = {
    attributes: {},
    samples: 100,
    groups: 1,
    groupsInBreach: state === 'breach' ? 1 : 0,
  };
  return {
    name,
    layer,
    unit,
    statistic,
    limit,
    state,
    value,
    valueLimit: limit,
    ...rest,
    reason: null,
  };
}

function operations(operation: string, p95: number, state: BudgetRow['state']): Partial<Evidence> {
  const row = {
    operation,
    calls: 100,
    rate: 1,
    p50: p95,
    p95,
    p99: p95,
    max: p95,
    total: p95 * 100,
    errorRatio: 0,
    queriesPerCall: null,
  };
  const isBudget = BUDGETS.some(({ name }) => name === operation);
  return {
    modules: [{ module: 'm', calls: 100, total: p95 * 100, operations: [row] }],
    budgets: isBudget ? [budget(operation, state, p95 * 1000)] : [],
  };
}

const layer = (name: string, p95: number): RouteLayer => ({
  layer: name,
  requests: 100,
  p95,
  max: p95,
  total: p95 * 100,
  share: 0.5,
});
const query = makeQuery('SELECT a FROM b WHERE c = ?', 100, 0.002);
const insert = makeQuery('INSERT INTO a VALUES (?)', 100, 0.002, { operation: 'INSERT' });
const index = {
  id: 'i',
  database: 'erp',
  table: 'lots',
  query: null,
  ddl: 'CREATE INDEX ON lots (lot)',
  gain: 9,
  confidence: 'high' as const,
  evidence: [],
  writeCost: null,
};
const size = (min: number, max: number, route = '/p', status = '2xx') =>
  makeCalls(
    { 'http.request.method': 'GET', 'http.route': route, 'http.response.status_class': status },
    100,
    max,
    { min, max, p50: max },
  );
const page = makeRoute('GET', '/p', 100, 0.1, { layers: [layer('template', 0.01)] });
const templates = [makeCalls({ 'tachograph.template.name': 'p.ejs' }, 100, 0.01)];
const staticFiles = [makeCalls({ 'tachograph.library': 'send' }, 100, 0.001)];
const pool = { pool: 'main', used: 5, usedMax: 10, idle: 5, limit: 10, pendingMax: 0 };
const job = {
  system: '',
  queue: '',
  job: 'nightly',
  calls: 30,
  rate: 0,
  p50: 1,
  p95: 1,
  p99: 1,
  total: 30,
  errorRatio: 0,
  queriesPerCall: null,
  retries: 0,
  wait: null,
};
const block = {
  service: 'shop',
  function: 'f',
  file: 'a.js',
  line: 1,
  count: 5,
  sum: 2,
  max: 1,
  gc: 0,
  lastSeenMs: 0,
  ongoing: 0,
  approximate: 0,
  stack: null,
};
const MIB = 1024 * 1024;
const heap = (grows: number) => ({
  ...makeEvidence().runtime,
  heaps: [
    {
      instance: 'p',
      limit: 2048 * MIB,
      points: Array.from({ length: 48 }, (_, i) => ({
        timeMs: i * 75_000,
        bytes: (100 + grows * i) * MIB,
      })),
    },
  ],
});
const rows = (rowsMax: number) => ({
  ...makeEvidence().traces,
  manyRows: [
    {
      text: 'SELECT a FROM b',
      method: 'GET',
      route: '/a',
      rowsMax,
      duration: 0.1,
      traceId: 'a'.repeat(32),
    },
  ],
});
const visited = {
  page: '/',
  views: 10,
  lcp: null,
  inp: null,
  cls: null,
  fcp: null,
  ttfb: null,
  load: null,
  errors: 0,
};
const rest = {
  ajax: [],
  scripts: [],
  vitals: [],
  pages: [visited],
  devices: [],
  connections: [],
};
const images = (oversized: number) => ({
  ...rest,
  resources: [
    { type: 'image', count: 100, bytes: 1e6, cachedRatio: 0.5, compressedRatio: null, oversized },
  ],
});
const scripts = (count: number) => ({
  ...rest,
  resources: [
    { type: 'script', count, bytes: 1e6, cachedRatio: 0.9, compressedRatio: 1, oversized: 0 },
  ],
});
const foreign = (p95: number) => ({
  ...rest,
  resources: [],
  scripts: [{ url: 'https://other/a.js', function: 'f', count: 30, p95, total: 3 }],
});

/** An item, the evidence of a fault, and that of the same service when it is mended. */
const FAULTS: readonly [item: string, fault: Partial<Evidence>, mended: Partial<Evidence>][] = [
  [
    'query_optimisation',
    { queries: [query], findings: [makeFinding('n_plus_one')] },
    { queries: [query] },
  ],
  [
    'fragment_caching',
    { routes: [page], layers: makeLayers({ templates }), responseSizes: [size(5000, 5010)] },
    { routes: [page], layers: makeLayers({ templates }), responseSizes: [size(500, 5010)] },
  ],
  [
    'session_storage',
    {
      layers: makeLayers({
        sessions: [makeCalls({ 'tachograph.session.operation': 'load' }, 100, 0.1)],
      }),
    },
    {
      layers: makeLayers({
        sessions: [makeCalls({ 'tachograph.session.operation': 'load' }, 100, 0.001)],
      }),
    },
  ],
  [
    'middleware_review',
    {
      layers: makeLayers({ middleware: [makeCalls({ 'code.function.name': 'load' }, 100, 0.03)] }),
      routes: [makeRoute('GET', '/a', 100, 0.1, { middlewareTime: 3, middlewareP95: 0.03 })],
    },
    {
      layers: makeLayers({ middleware: [makeCalls({ 'code.function.name': 'load' }, 100, 0.003)] }),
      routes: [makeRoute('GET', '/a', 100, 0.1, { middlewareTime: 0.3, middlewareP95: 0.003 })],
    },
  ],
  ['memory', { runtime: heap(5) }, { runtime: heap(0) }],
  [
    'static_files',
    { layers: makeLayers({ staticFiles }), responseSizes: [size(900, 284_000, '(middleware)')] },
    {
      layers: makeLayers({ staticFiles }),
      responseSizes: [size(900, 9000, '(middleware)')],
      frontend: scripts(50),
    },
  ],
  ['images', { frontend: images(4) }, { frontend: images(0) }],
  [
    'connection_pooling',
    { pools: [{ ...pool, waits: makeCalls({}, 100, 0.2) }] },
    { pools: [{ ...pool, waits: makeCalls({}, 100, 0.0002) }] },
  ],
  ['async_tasks', { requests: 1000, stalls: [block] }, { requests: 1000, routes: [page] }],
  [
    'cdn',
    {
      requests: 200,
      layers: makeLayers({ staticFiles }),
      responseSizes: [size(1, 9000, '(middleware)')],
    },
    { requests: 2000, layers: makeLayers({ staticFiles }), responseSizes: [size(1, 900, '/a')] },
  ],
  [
    'workflows',
    operations('quality_check_workflow', 2, 'breach'),
    operations('quality_check_workflow', 0.1, 'ok'),
  ],
  [
    'inventory_calculation',
    operations('inventory_calculation', 2, 'breach'),
    operations('inventory_calculation', 0.1, 'ok'),
  ],
  [
    'order_processing',
    operations('sales_order_process', 2, 'breach'),
    operations('sales_order_process', 0.1, 'ok'),
  ],
  [
    'report_generation',
    operations('financial_report_generate', 9, 'breach'),
    operations('financial_report_generate', 0.1, 'ok'),
  ],
  [
    'dashboard',
    operations('dashboard_data_aggregation', 9, 'breach'),
    operations('dashboard_data_aggregation', 0.1, 'ok'),
  ],
  [
    'cross_module_sync',
    operations('cross_module_sync', 9, 'breach'),
    operations('cross_module_sync', 0.1, 'ok'),
  ],
  [
    'bulk_operations',
    { queries: [insert], findings: [makeFinding('single_row_writes')] },
    { queries: [insert] },
  ],
  ['pagination', { queries: [query], traces: rows(1500) }, { queries: [query], traces: rows(50) }],
  ['background_jobs', { jobs: [{ ...job, max: 60, total: 300 }] }, { jobs: [{ ...job, max: 2 }] }],
  [
    'caching_strategy',
    { caches: [{ cache: 'c', hits: 10, misses: 500 }] },
    { caches: [{ cache: 'c', hits: 500, misses: 10 }] },
  ],
  [
    'query_time',
    { budgets: [budget('simple_query', 'breach', 90)] },
    { budgets: [budget('simple_query', 'ok', 2)] },
  ],
  ['index_utilisation', { advice: [{ ...index, kind: 'missing_index' }] }, { queries: [query] }],
  [
    'pool_configuration',
    { pools: [{ ...pool, limit: 100, waits: null }] },
    { pools: [{ ...pool, waits: null }] },
  ],
  [
    'transactions',
    { transactions: [makeCalls({ 'tachograph.db.transaction.outcome': 'commit' }, 100, 3)] },
    { transactions: [makeCalls({ 'tachograph.db.transaction.outcome': 'commit' }, 100, 0.01)] },
  ],
  [
    'backup',
    { budgets: [budget('backup_operation', 'breach', 900_000)] },
    { budgets: [budget('backup_operation', 'ok', 9000)] },
  ],
  [
    'migrations',
    { budgets: [budget('migration_execution', 'breach', 90_000)] },
    { budgets: [budget('migration_execution', 'ok', 9000)] },
  ],
  ['plan_analysis', { advice: [{ ...index, kind: 'cast' }] }, { queries: [query] }],
  [
    'duplicate_queries',
    { queries: [query], findings: [makeFinding('duplicate_query')] },
    { queries: [query] },
  ],
  ['maintenance', { advice: [{ ...index, kind: 'never_analysed' }] }, {}],
  [
    'js_execution',
    { budgets: [budget('javascript_execution', 'breach', 90)] },
    { budgets: [budget('javascript_execution', 'ok', 9)] },
  ],
  [
    'css_rendering',
    { budgets: [budget('css_render_time', 'breach', 90)] },
    { budgets: [budget('css_render_time', 'ok', 9)] },
  ],
  [
    'ajax',
    { budgets: [budget('ajax_response_time', 'breach', 900)] },
    { budgets: [budget('ajax_response_time', 'ok', 9)] },
  ],
  ['bundling', { frontend: scripts(400) }, { frontend: scripts(30) }],
  ['third_party', { frontend: foreign(0.2) }, { frontend: foreign(0.01) }],
];

describe('an item with a planted fault wants attention, and is fine when it is mended', () => {
  it.each(FAULTS)('%s', (item, fault, mended) => {
    const wanting = itemOf(item, fault);
    expect(wanting).toMatchObject({ state: 'attention' });
    expect(wanting?.evidence.length).toBeGreaterThan(0);
    expect(itemOf(item, mended)).toMatchObject({ state: 'ok' });
  });
});

it('of a service in which nothing happened, no item is judged, and each says why', () => {
  const missing = { adviceMissing: 'no database is connected for advice' };
  const items = evaluated(makeEvidence({ recordedMs: 60_000, ...missing })).flatMap(
    (list) => list.items,
  );
  expect(items.filter(({ state }) => state !== 'cannot tell')).toEqual([]);
  for (const { reason } of items)
    expect(reason).toMatch(/^Because \S.{10,}[.…]$|^Because .* …$|migrate$/);
});

it('the four lists have every item of the product, each name once', () => {
  const lists = evaluated(makeEvidence());
  expect(lists.map(({ list, items }) => [list, items.length])).toEqual([
    ['application', 10],
    ['modules', 10],
    ['database', 10],
    ['frontend', 9],
  ]);
  const names = lists.flatMap(({ items }) => items.map(({ item }) => item));
  expect(new Set(names).size).toBe(names.length);
});

it('of two services the one that wants attention is told, by its name', () => {
  const of = (service: string, findings: Evidence['findings']) => {
    const evidence = makeEvidence({ service, queries: [query], findings });
    return {
      evidence,
      recommendations: rankedOf(evidence).map(({ recommendation }) => recommendation),
    };
  };
  const lists = listsOf([of('calm', []), of('busy', [makeFinding('duplicate_query')])]);
  const item = lists.flatMap(({ items }) => items).find((one) => one.item === 'duplicate_queries');
  expect(item).toMatchObject({ state: 'attention', reason: expect.stringMatching(/^busy: /) });
});

it('a value over its limit is not shown as the limit', () => {
  const item = itemOf('css_rendering', {
    budgets: [budget('cumulative_layout_shift', 'breach', 0.14)],
  });
  expect(item?.evidence).toEqual(['cumulative_layout_shift: p95 of all is 0.14, limit 0.1.']);
});
