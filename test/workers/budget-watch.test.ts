import { describe, expect, it } from 'vitest';
import {
  HTTP_SERVER_MIDDLEWARE_TIME,
  HTTP_SERVER_QUERIES,
} from '../../src/shared/application-metrics.js';
import { type BudgetSettings, DEFAULT_SETTINGS } from '../../src/shared/budget-settings.js';
import {
  CACHE_OPERATIONS,
  DB_CLIENT_CONNECTION_COUNT,
  DB_CLIENT_CONNECTION_MAX,
} from '../../src/shared/database-metrics.js';
import type { Metric } from '../../src/shared/metric.js';
import { HTTP_SERVER_REQUEST_DURATION, SYSTEM_CPU_UTILIZATION } from '../../src/shared/metrics.js';
import type { Attributes } from '../../src/transport/batch.js';
import { BREACH_EVENT, type Breach, readBreach } from '../../src/transport/breach-event.js';
import { BudgetWatch } from '../../src/workers/budget-watch.js';
import { Window } from '../../src/workers/window.js';

const route = (path: string, status?: string): Attributes => [
  ['http.request.method', 'GET'],
  ...(status === undefined ? [] : ([['http.response.status_class', status]] as const)),
  ['http.route', path],
];

/** The breaches of a window with these values. */
function breachesOf(
  recorded: readonly (readonly [
    metric: Metric,
    attributes: Attributes,
    values: readonly number[],
  ])[],
  settings: Partial<BudgetSettings> = {},
): Breach[] {
  const window = new Window({ digits: 2, seriesMax: 1000 });
  for (const [metric, attributes, values] of recorded) {
    for (const value of values) window.observe(metric, value, attributes);
  }
  const watch = new BudgetWatch({ ...DEFAULT_SETTINGS, ...settings });
  const events = watch.breaches(window.contents(), 1000);
  for (const { name, timeMs } of events) expect([name, timeMs]).toEqual([BREACH_EVENT, 1000]);
  return events.map(({ attributes }) => readBreach(Object.fromEntries(attributes)));
}

const of = (breaches: readonly Breach[], budget: string): Breach[] =>
  breaches.filter((breach) => breach.budget === budget);

const times = (count: number, value: number): number[] =>
  Array.from({ length: count }, () => value);

describe('a window', () => {
  it('within every budget has no breach', () => {
    expect(
      breachesOf([[HTTP_SERVER_REQUEST_DURATION, route('/a', '2xx'), times(100, 399_000)]]),
    ).toEqual([]);
  });

  it('is judged by its 95th percentile, over the outcomes of a route together', () => {
    const breaches = breachesOf([
      [HTTP_SERVER_REQUEST_DURATION, route('/a', '2xx'), times(90, 10_000)],
      [HTTP_SERVER_REQUEST_DURATION, route('/a', '5xx'), times(10, 800_000)],
      [
        HTTP_SERVER_REQUEST_DURATION,
        route('/b', '2xx'),
        [...times(96, 10_000), ...times(4, 800_000)],
      ],
    ]);
    const found = of(breaches, 'view_response_time');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      limit: 400,
      unit: 'ms',
      count: 100,
      above: 10,
      attributes: { 'http.request.method': 'GET', 'http.route': '/a' },
    });
    expect(found[0]!.value).toBeCloseTo(800, -1);
  });

  it('of too few values has no percentile, but each slow response counts', () => {
    const breaches = breachesOf([
      [
        HTTP_SERVER_REQUEST_DURATION,
        route('/a', '2xx'),
        [...times(16, 1000), 900_000, 500_000, 401_000],
      ],
    ]);
    expect(of(breaches, 'view_response_time')).toEqual([]);
    expect(of(breaches, 'slow_response')).toMatchObject([
      { value: 900, limit: 400, count: 19, above: 3 },
    ]);
  });

  it('has an excessive number of queries where a single request has', () => {
    const breaches = breachesOf([[HTTP_SERVER_QUERIES, route('/a'), [3, 20, 21, 60]]]);
    expect(breaches).toMatchObject([
      { budget: 'excessive_queries', value: 60, limit: 20, count: 4, above: 2, unit: 'number' },
    ]);
  });

  it('is judged by the limit of its route', () => {
    const recorded = [
      [HTTP_SERVER_MIDDLEWARE_TIME, route('/a'), times(20, 15_000)],
      [HTTP_SERVER_MIDDLEWARE_TIME, route('/b'), times(20, 15_000)],
    ] as const;
    const routes = { 'GET /a': { middleware_overhead: 20 } };
    expect(breachesOf(recorded, { routes })).toMatchObject([
      { budget: 'middleware_overhead', attributes: { 'http.route': '/b' } },
    ]);
  });

  it('is judged by gauges and shares too', () => {
    const cache = (result: string): Attributes => [
      ['tachograph.cache.name', 'orders'],
      ['tachograph.cache.result', result],
    ];
    const breaches = breachesOf([
      [SYSTEM_CPU_UTILIZATION, [], [9000, 8000]],
      [CACHE_OPERATIONS, cache('hit'), [10]],
      [CACHE_OPERATIONS, cache('miss'), [30]],
    ]);
    expect(breaches).toMatchObject([
      { budget: 'cache_misses', value: 75, limit: 50, count: 40, above: 30 },
      { budget: 'cpu_host', value: 85, limit: 70, count: 2 },
    ]);
  });

  it('is judged by what of each pool of connections is in use', () => {
    const pool = (name: string, state?: string): Attributes => [
      ['db.client.connection.pool.name', name],
      ...(state === undefined ? [] : ([['db.client.connection.state', state]] as const)),
    ];
    const breaches = breachesOf([
      [DB_CLIENT_CONNECTION_COUNT, pool('a', 'used'), [7, 9]],
      [DB_CLIENT_CONNECTION_COUNT, pool('a', 'idle'), [3, 1]],
      [DB_CLIENT_CONNECTION_MAX, pool('a'), [10, 10]],
      [DB_CLIENT_CONNECTION_COUNT, pool('b', 'used'), [9]],
      [DB_CLIENT_CONNECTION_MAX, pool('b'), [100]],
      // Without a limit there is nothing to be a part of.
      [DB_CLIENT_CONNECTION_COUNT, pool('c', 'used'), [9]],
      [DB_CLIENT_CONNECTION_MAX, pool('c'), [0]],
      [DB_CLIENT_CONNECTION_COUNT, pool('d', 'used'), [9]],
    ]);
    expect(breaches).toEqual([
      {
        budget: 'db_connections',
        value: 80,
        limit: 70,
        unit: '%',
        count: 2,
        above: 2,
        attributes: { 'db.client.connection.pool.name': 'a' },
      },
    ]);
  });

  it('has at most 50 breaches, the farthest over their limits', () => {
    const breaches = breachesOf(
      Array.from({ length: 100 }, (_, i) => [HTTP_SERVER_QUERIES, route(`/r${i}`), [21 + i]]),
    );
    expect(breaches).toHaveLength(50);
    expect(Math.min(...breaches.map(({ value }) => value))).toBe(71);
  });
});
