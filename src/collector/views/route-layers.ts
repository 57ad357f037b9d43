/**
 * What the requests of a route spent in each kind of layer, the costliest first. Layers contain one another
 * (a middleware an authentication, that a query), so their shares need not add up to one. Pure.
 */
import {
  HTTP_SERVER_LAYER_TIME,
  HTTP_SERVER_MIDDLEWARE_TIME,
  HTTP_SERVER_QUERY_TIME,
} from '../../shared/application-metrics.js';
import type { Metric } from '../../shared/metric.js';
import type { HistogramStats, QueryGroup } from '../query/query-request.js';
import { keyOf } from './view-request.js';

/** Times in seconds. */
export interface RouteLayer {
  /** As the kind of a span. */
  readonly layer: string;
  /** That used it. */
  readonly requests: number;
  /** Of one request that used it. */
  readonly p95: number;
  readonly max: number;
  /** Of all requests. */
  readonly total: number;
  /** Of the time of all requests of the route, those without the layer too. */
  readonly share: number;
}

const LAYER = 'tachograph.layer';

/** Metrics of a layer's time in one request, their attributes besides the route, and the layer's name. */
export const LAYER_TIMES: readonly (readonly [Metric, names: readonly string[], layer?: string])[] =
  [
    [HTTP_SERVER_MIDDLEWARE_TIME, [], 'middleware'],
    [HTTP_SERVER_QUERY_TIME, [], 'query'],
    [HTTP_SERVER_LAYER_TIME, [LAYER]],
  ];

type Stats = Omit<RouteLayer, 'share'>;

/** The layers of each route by `keyOf` its attributes; `groups` are of LAYER_TIMES, in its order. */
export function layersByRoute(
  groups: readonly (readonly QueryGroup[])[],
  route: readonly string[],
): ReadonlyMap<string, readonly Stats[]> {
  const found = new Map<string, Stats[]>();
  LAYER_TIMES.forEach(([, , named], index) => {
    for (const { attributes, total: stats } of groups[index] ?? []) {
      const { count, p95, max, sum } = stats as HistogramStats;
      const layer = named ?? attributes[LAYER] ?? '';
      const key = keyOf(attributes, route);
      const ofRoute = found.get(key) ?? [];
      ofRoute.push({ layer, requests: count, p95, max, total: sum });
      found.set(key, ofRoute);
    }
  });
  return found;
}

/** `routeTotal` is the time of all requests of the route. */
export function withShares(layers: readonly Stats[], routeTotal: number): RouteLayer[] {
  return layers
    .map((layer) => ({ ...layer, share: routeTotal > 0 ? layer.total / routeTotal : 0 }))
    .sort((a, b) => b.total - a.total);
}
