/** Routes with what their requests did, and the layers of the application beside them, the costliest first. */
import {
  AUTHENTICATION_DURATION,
  GRAPHQL_OPERATION_DURATION,
  HTTP_SERVER_CACHE_READS,
  HTTP_SERVER_QUERIES,
  JWT_DURATION,
  MIDDLEWARE_DURATION,
  SERIALIZATION_DURATION,
  SESSION_DURATION,
  STATIC_FILE_DURATION,
  TEMPLATE_RENDER_DURATION,
  VALIDATION_DURATION,
} from '../../shared/application-metrics.js';
import { DB_CLIENT_OPERATION_DURATION, QUERY_CLASS } from '../../shared/database-metrics.js';
import type { Metric } from '../../shared/metric.js';
import {
  HTTP_CLIENT_REQUEST_DURATION,
  HTTP_SERVER_REQUEST_DURATION,
} from '../../shared/metrics.js';
import type { CounterStats, HistogramStats } from '../query/query-request.js';
import { spanKind, spanLabel } from '../query/span-label.js';
import { LAYER_TIMES, layersByRoute, type RouteLayer, withShares } from './route-layers.js';
import { OUTCOME, tallies } from './tallies.js';
import { type Timed, timedOf } from './timed.js';
import {
  groupsOf,
  keyOf,
  sumsOf,
  totalsOf,
  type ViewRequest,
  type ViewSource,
} from './view-request.js';

/** Times in seconds. */
export interface RouteRow extends Timed {
  readonly method: string;
  readonly route: string;
  /** Calls whose client went away before the answer. */
  readonly aborted: number;
  /** Over all requests, those without any too. */
  readonly queriesPerRequest: number;
  /** The most of one request; null when none made any. */
  readonly queriesMax: number | null;
  /** In all calls, while at least one query ran. */
  readonly queryTime: number;
  /** Over all requests, those without any too. */
  readonly cacheReadsPerRequest: number;
  /** Of those reads, what found something; null when there were none. */
  readonly cacheHitRatio: number | null;
  /** In all calls, in middleware. */
  readonly middlewareTime: number;
  readonly middlewareP95: number | null;
  readonly layers: readonly RouteLayer[];
}

export interface LayerRow {
  readonly layer: string;
  readonly name: string;
  readonly calls: number;
  readonly p95: number;
  readonly max: number;
  readonly total: number;
}

export interface Routes {
  readonly routes: readonly RouteRow[];
  readonly layers: readonly LayerRow[];
}

const ROUTE = ['http.request.method', 'http.route'] as const;
const CACHE_RESULT = 'tachograph.cache.result';
const LAYERS_MAX = 20;

/** Metrics of layers, and the attributes that name a part of one. */
const LAYERS: readonly (readonly [metric: Metric, ...names: string[]])[] = [
  [MIDDLEWARE_DURATION, 'code.function.name', 'tachograph.library'],
  [TEMPLATE_RENDER_DURATION, 'tachograph.template.name', 'tachograph.library'],
  [VALIDATION_DURATION, 'tachograph.library'],
  [AUTHENTICATION_DURATION, 'tachograph.authentication.strategy', 'tachograph.library'],
  [SESSION_DURATION, 'tachograph.session.operation', 'tachograph.library'],
  [JWT_DURATION, 'tachograph.jwt.operation', 'tachograph.library'],
  [STATIC_FILE_DURATION, 'tachograph.library'],
  [SERIALIZATION_DURATION, 'tachograph.library'],
  [GRAPHQL_OPERATION_DURATION, 'graphql.operation.type', 'graphql.operation.name'],
  [DB_CLIENT_OPERATION_DURATION, 'db.system.name', QUERY_CLASS],
  [HTTP_CLIENT_REQUEST_DURATION, 'server.address'],
];

export async function routesOf(source: ViewSource, request: ViewRequest): Promise<Routes> {
  const [merged, outcomes, queries, reads, layerTimes, layers] = await Promise.all([
    totalsOf(source, request, {
      metric: HTTP_SERVER_REQUEST_DURATION.name,
      group: ROUTE,
      limit: request.limit,
    }),
    sumsOf(source, request, HTTP_SERVER_REQUEST_DURATION, [...ROUTE, ...OUTCOME]),
    statsByRoute(source, request, HTTP_SERVER_QUERIES),
    readsByRoute(source, request),
    Promise.all(
      LAYER_TIMES.map(([metric, names]) => groupsOf(source, request, metric, [...ROUTE, ...names])),
    ),
    layersOf(source, request),
  ]);
  const byRoute = tallies(outcomes, ROUTE);
  const layersOfRoutes = layersByRoute(layerTimes, ROUTE);
  const routes = (merged?.groups ?? []).map(({ attributes, total }): RouteRow => {
    const stats = total as HistogramStats;
    const key = keyOf(attributes, ROUTE);
    const tally = byRoute.get(key);
    const ofQueries = queries.get(key);
    const { hits, all } = reads.get(key) ?? { hits: 0, all: 0 };
    const ofLayers = withShares(layersOfRoutes.get(key) ?? [], stats.sum);
    const layer = (name: string): RouteLayer | undefined =>
      ofLayers.find((one) => one.layer === name);
    return {
      method: attributes['http.request.method'] ?? '',
      route: attributes['http.route'] ?? '',
      ...timedOf(stats, tally),
      aborted: tally?.aborted ?? 0,
      queriesPerRequest: (ofQueries?.sum ?? 0) / stats.count,
      queriesMax: ofQueries?.max ?? null,
      queryTime: layer('query')?.total ?? 0,
      cacheReadsPerRequest: all / stats.count,
      cacheHitRatio: all === 0 ? null : hits / all,
      middlewareTime: layer('middleware')?.total ?? 0,
      middlewareP95: layer('middleware')?.p95 ?? null,
      layers: ofLayers,
    };
  });
  return { routes, layers };
}

async function statsByRoute(
  source: ViewSource,
  request: ViewRequest,
  metric: Metric,
): Promise<ReadonlyMap<string, HistogramStats>> {
  const groups = await sumsOf(source, request, metric, ROUTE);
  return new Map(
    groups.map(({ attributes, total }) => [keyOf(attributes, ROUTE), total as HistogramStats]),
  );
}

interface Reads {
  readonly hits: number;
  readonly all: number;
}

async function readsByRoute(
  source: ViewSource,
  request: ViewRequest,
): Promise<ReadonlyMap<string, Reads>> {
  const byRoute = new Map<string, Reads>();
  const groups = await groupsOf(source, request, HTTP_SERVER_CACHE_READS, [...ROUTE, CACHE_RESULT]);
  for (const { attributes, total } of groups) {
    const key = keyOf(attributes, ROUTE);
    const { hits, all } = byRoute.get(key) ?? { hits: 0, all: 0 };
    const { value } = total as CounterStats;
    const isHit = attributes[CACHE_RESULT] === 'hit';
    byRoute.set(key, { hits: hits + (isHit ? value : 0), all: all + value });
  }
  return byRoute;
}

async function layersOf(source: ViewSource, request: ViewRequest): Promise<LayerRow[]> {
  const rows = LAYERS.map(async ([metric, ...names]) => {
    const groups = await groupsOf(source, request, metric, names);
    return groups.map(({ attributes, total }): LayerRow => {
      const { count, p95, max, sum } = total as HistogramStats;
      return {
        layer: spanKind(metric.name),
        name: nameOf(metric, attributes),
        calls: count,
        p95,
        max,
        total: sum,
      };
    });
  });
  return (await Promise.all(rows))
    .flat()
    .sort((a, b) => b.total - a.total)
    .slice(0, LAYERS_MAX);
}

/** Queries together by their class: one by one they are another view. */
function nameOf(metric: Metric, attributes: Readonly<Record<string, string>>): string {
  return metric === DB_CLIENT_OPERATION_DURATION
    ? `${attributes['db.system.name'] ?? ''} ${attributes[QUERY_CLASS] ?? ''}`.trim()
    : spanLabel(metric.name, attributes);
}
