/** What one window of one instance of the shop holds. */
import {
  HTTP_SERVER_LAYER_TIME,
  HTTP_SERVER_MIDDLEWARE_TIME,
  HTTP_SERVER_QUERIES,
  HTTP_SERVER_QUERY_TIME,
  OPERATION_DURATION,
} from '../../../src/shared/application-metrics.js';
import {
  DB_CLIENT_CONNECTION_WAIT_TIME,
  DB_CLIENT_OPERATION_DURATION,
  QUERY_CLASS,
  QUERY_TEXT,
} from '../../../src/shared/database-metrics.js';
import { MESSAGING_PROCESS_DURATION } from '../../../src/shared/job-metrics.js';
import type { Metric } from '../../../src/shared/metric.js';
import { METRICS } from '../../../src/shared/metric-catalogue.js';
import { HTTP_SERVER_REQUEST_DURATION } from '../../../src/shared/metrics.js';
import type { Batch } from '../../../src/transport/batch.js';
import { counter, gauge, histogram } from './points.js';
import type { ShopRoute } from './routes.js';
import type { RouteTruth } from './shop.js';

export type Points = Pick<Batch, 'histograms' | 'counters' | 'gauges'>;

export interface RequestWindow {
  readonly routes: readonly ShopRoute[];
  /** Added to, in the order of `routes`. */
  readonly truths: readonly RouteTruth[];
  readonly random: () => number;
  /** Of the time so far, from 0 to 1. */
  readonly share: number;
  readonly version: string;
}

export const QUERIES = [
  ['SELECT * FROM products WHERE category = ? ORDER BY name', 'SELECT', 'products', 'read', 0.012],
  ['SELECT * FROM order_lines WHERE order_id = ?', 'SELECT', 'order_lines', 'read', 0.0042],
  ['INSERT INTO orders (customer, total) VALUES (?, ?)', 'INSERT', 'orders', 'write', 0.009],
  ['SELECT sum(quantity) FROM stock GROUP BY product', 'SELECT', 'stock', 'aggregate', 0.62],
] as const;

export function requestPoints(window: RequestWindow): Points {
  const histograms = window.routes.flatMap((route, at) => routePoints(window, route, at));
  return { histograms: [...histograms, ...queryPoints(window)], counters: [], gauges: [] };
}

function routePoints(window: RequestWindow, route: ShopRoute, at: number): Batch['histograms'] {
  const { random, truths, share, version } = window;
  if (route.requests === 0) return [];
  const truth = truths[at]!;
  const own = { 'http.request.method': route.method, 'http.route': route.route };
  const slower = route.route === '/orders/:id' && version === '1.5.0' && share > 0.6 ? 2.2 : 1;
  const values = Array.from({ length: route.requests }, () => durationOf(route, random) * slower);
  const failed = values.filter(() => random() < route.failing);
  const good = values.filter((value) => !failed.includes(value));
  truth.values.push(...good, ...failed);
  truth.errors += failed.length;
  truth.queries += route.queries * values.length;
  const outcome = (status: string, of: readonly number[]) =>
    of.length === 0
      ? []
      : [
          histogram(
            HTTP_SERVER_REQUEST_DURATION,
            { ...own, 'http.response.status_class': status, 'tachograph.module': route.module },
            of,
          ),
        ];
  const part = (factor: number): number[] => values.map((value) => value * factor);
  const counts = values.map(() => route.queries);
  return [
    ...outcome('2xx', good),
    ...outcome('5xx', failed),
    histogram(HTTP_SERVER_MIDDLEWARE_TIME, own, part(0.08)),
    ...(route.queries === 0
      ? []
      : [
          histogram(HTTP_SERVER_QUERIES, own, counts),
          histogram(HTTP_SERVER_QUERY_TIME, own, part(0.55)),
          histogram(HTTP_SERVER_LAYER_TIME, { ...own, 'tachograph.layer': 'template' }, part(0.15)),
        ]),
    ...(route.module === ''
      ? []
      : [
          histogram(
            OPERATION_DURATION,
            {
              'tachograph.operation.name': `${route.module}-${at}`,
              'tachograph.module': route.module,
            },
            part(0.97),
          ),
        ]),
  ];
}

/** Most are near the middle, one in thirty is many times as slow. */
function durationOf({ middle }: ShopRoute, random: () => number): number {
  const usual = middle * (0.6 + random() * 0.8);
  return random() < 1 / 30 ? usual * (2 + random() * 4) : usual;
}

function queryPoints({ random }: RequestWindow): Batch['histograms'] {
  const queries = QUERIES.map(([text, operation, collection, of, middle], at) =>
    histogram(
      DB_CLIENT_OPERATION_DURATION,
      {
        'db.system.name': 'postgresql',
        'db.operation.name': operation,
        'db.collection.name': collection,
        [QUERY_CLASS]: of,
        [QUERY_TEXT]: text,
      },
      Array.from({ length: [24, 90, 3, 1][at]! }, () => middle * (0.5 + random())),
    ),
  );
  const pool = { 'db.client.connection.pool.name': 'shop' };
  const job = {
    'messaging.system': 'bullmq',
    'messaging.destination.name': 'mails',
    'tachograph.job.name': 'order-confirmation',
  };
  return [
    ...queries,
    histogram(DB_CLIENT_CONNECTION_WAIT_TIME, pool, [0.0004, 0.0011 * (1 + random())]),
    histogram(MESSAGING_PROCESS_DURATION, job, [0.12 * (0.5 + random())]),
  ];
}

/** Of a process and the machine under it. */
export function machinePoints(of: {
  readonly random: () => number;
  readonly share: number;
}): Points {
  const { random, share } = of;
  const near = (value: number): number => value * (0.9 + random() * 0.2);
  const pool = { 'db.client.connection.pool.name': 'shop' };
  const used = { ...pool, 'db.client.connection.state': 'used' };
  const idle = { ...pool, 'db.client.connection.state': 'idle' };
  return {
    histograms: [
      histogram(metric('nodejs.eventloop.delay'), {}, [0.0011, 0.0013, near(0.009)]),
      histogram(metric('v8js.gc.duration'), { 'v8js.gc.type': 'minor' }, [near(0.0012)]),
    ],
    counters: [
      counter(metric('system.disk.io'), { 'disk.io.direction': 'read' }, near(120_000)),
      counter(metric('system.disk.io'), { 'disk.io.direction': 'write' }, near(640_000)),
      counter(metric('system.network.io'), { 'network.io.direction': 'receive' }, near(310_000)),
      counter(metric('system.network.io'), { 'network.io.direction': 'transmit' }, near(870_000)),
    ],
    gauges: [
      gauge(metric('process.cpu.utilization'), {}, near(0.31)),
      gauge(metric('process.memory.usage'), {}, near(180e6 + share * 40e6)),
      gauge(metric('v8js.memory.heap.used'), {}, near(90e6)),
      gauge(metric('v8js.memory.heap.limit'), {}, 2 ** 31),
      gauge(metric('nodejs.eventloop.utilization'), {}, near(0.27)),
      gauge(metric('system.cpu.utilization'), {}, near(0.44)),
      gauge(metric('system.memory.utilization'), {}, near(0.62)),
      gauge(metric('container.cpu.utilization'), {}, near(0.35)),
      gauge(metric('container.memory.utilization'), {}, near(0.74)),
      gauge(metric('tachograph.agent.cpu.utilization'), {}, 0.0042),
      gauge(metric('tachograph.agent.memory.usage'), {}, 12_582_912),
      gauge(metric('tachograph.agent.spool.usage'), {}, 0),
      gauge(metric('db.client.connection.count'), used, near(6)),
      gauge(metric('db.client.connection.count'), idle, 4),
      gauge(metric('db.client.connection.max'), pool, 20),
      gauge(metric('db.client.connection.pending_requests'), pool, 0),
    ],
  };
}

function metric(name: string): Metric {
  const found = METRICS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`expected a metric of the catalogue, got ${name}`);
  return found;
}
