/**
 * From (method, route, outcome) to series ids, on the hot path: one Map look-up by the route, then
 * two array indexes. Bounded by the recorder's series limit and, for paths no framework named, by
 * NORMALISED_ROUTES_MAX.
 */
import {
  HTTP_SERVER_CACHE_READS,
  HTTP_SERVER_LAYER_TIME,
  HTTP_SERVER_MIDDLEWARE_TIME,
  HTTP_SERVER_QUERIES,
  HTTP_SERVER_QUERY_TIME,
  OPERATION_DURATION,
} from '../shared/application-metrics.js';
import { moduleOfOperation } from '../shared/erp-operations.js';
import { type Metric, OTHER } from '../shared/metric.js';
import {
  HTTP_SERVER_CLIENT_CALLS,
  HTTP_SERVER_REQUEST_DURATION,
  HTTP_SERVER_REQUEST_SIZE,
  HTTP_SERVER_RESPONSE_SIZE,
} from '../shared/metrics.js';
import { NO_SERIES } from '../shared/ring-layout.js';
import { LAYERS } from './layer.js';
import type { Recorder } from './recorder.js';
import type { RouteMapping } from './route-mapping.js';
import type { LimitsOf, TraceLimits } from './trace-limits.js';

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'QUERY',
] as const;
const METHOD_INDEXES: ReadonlyMap<string, number> = new Map(METHODS.map((name, i) => [name, i]));
/** As semantic conventions write a method they do not know. */
export const OTHER_METHOD = '_OTHER';

/** Index of the outcome of a request whose client went away before the response was sent. */
export const ABORTED = 6;
/** Index of the outcome of a response of 5xx. */
export const SERVER_ERROR = 5;
/**
 * Series of a layer's time within one route: of 100 routes with three layers each. 11 KiB each in the
 * agent's worker; a seventh of all series.
 */
const LAYER_SERIES_MAX = 300;
/** 0: a status outside 100–599. */
const OUTCOMES = ['(none)', '1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/** Ids of the series of one (method, route, outcome). */
export interface RouteIds {
  readonly duration: number;
  readonly requestSize: number;
  readonly responseSize: number;
  readonly clientCalls: number;
  /** Of the operation that the route is by configuration, else NO_SERIES. */
  readonly operation: number;
  /** From when on its requests are slow. */
  readonly limits: TraceLimits;
  /** Of what its requests did, once one of them did it. */
  work: WorkIds | undefined;
  cache: CacheIds | undefined;
}

/** Ids of the series of one (method, route). */
export interface WorkIds {
  readonly queries: number;
  readonly queryTime: number;
  readonly middlewareTime: number;
  /** By kind of layer, once one of its requests used it. */
  readonly layers: (number | undefined)[];
  readonly method: string;
  readonly route: string;
}

/** As WorkIds; apart from them because fewer routes read caches. */
export interface CacheIds {
  readonly hits: number;
  readonly misses: number;
}

export class RouteSeries {
  readonly #recorder: Recorder;
  readonly #mapping: RouteMapping;
  readonly #limitsOf: LimitsOf;
  readonly #routes = new Map<string, (RouteIds | undefined)[]>();
  readonly #routesMax: number;
  readonly #layers = new Set<string>();

  constructor(recorder: Recorder, mapping: RouteMapping, limitsOf: LimitsOf, routesMax: number) {
    this.#recorder = recorder;
    this.#mapping = mapping;
    this.#limitsOf = limitsOf;
    this.#routesMax = routesMax;
  }

  /** `outcome` is the hundreds of the status (1–5, else 0) or ABORTED. */
  ids(method: string, route: string, outcome: number): RouteIds {
    const methodIndex = METHOD_INDEXES.get(method) ?? METHODS.length;
    const index = methodIndex * (ABORTED + 1) + outcome;
    const row = this.#routes.get(route);
    return row?.[index] ?? this.#intern(route, row, methodIndex, outcome);
  }

  /** As `ids`, of what only some routes have series for. */
  workIds(ids: RouteIds, method: string, route: string): WorkIds {
    if (ids.work !== undefined) return ids.work;
    const name = nameOf(method);
    const id = (metric: Metric): number => this.#recorder.series(metric, [name, route]);
    ids.work = {
      queries: id(HTTP_SERVER_QUERIES),
      queryTime: id(HTTP_SERVER_QUERY_TIME),
      middlewareTime: id(HTTP_SERVER_MIDDLEWARE_TIME),
      layers: [],
      method: name,
      route,
    };
    return ids.work;
  }

  cacheIds(ids: RouteIds, method: string, route: string): CacheIds {
    if (ids.cache !== undefined) return ids.cache;
    const name = nameOf(method);
    const id = (result: string): number =>
      this.#recorder.series(HTTP_SERVER_CACHE_READS, [name, route, result]);
    ids.cache = { hits: id('hit'), misses: id('miss') };
    return ids.cache;
  }

  /** Of the time in one kind of layers. Past the limit the routes of a kind have one together. */
  layerId(ids: WorkIds, layer: number): number {
    return ids.layers[layer] ?? this.#internLayer(ids, layer);
  }

  #internLayer({ layers, method, route }: WorkIds, layer: number): number {
    const name = LAYERS[layer];
    const key = `${method} ${route} ${name}`;
    const isKnown = this.#layers.has(key) || this.#layers.size < LAYER_SERIES_MAX;
    if (isKnown) this.#layers.add(key);
    const values = isKnown ? [method, route, name] : [OTHER, OTHER, name];
    const id = this.#recorder.series(HTTP_SERVER_LAYER_TIME, values);
    layers[layer] = id;
    return id;
  }

  #intern(
    route: string,
    known: (RouteIds | undefined)[] | undefined,
    methodIndex: number,
    outcome: number,
  ): RouteIds {
    const method = METHODS[methodIndex] ?? OTHER_METHOD;
    const status = OUTCOMES[outcome];
    const id = (metric: Metric): number => this.#recorder.series(metric, [method, route, status]);
    const ids: RouteIds = {
      duration: this.#recorder.series(HTTP_SERVER_REQUEST_DURATION, [
        method,
        route,
        status,
        outcome === ABORTED ? 'aborted' : undefined,
        this.#mapping.moduleOf(method, route),
      ]),
      requestSize: id(HTTP_SERVER_REQUEST_SIZE),
      responseSize: id(HTTP_SERVER_RESPONSE_SIZE),
      clientCalls: this.#recorder.series(HTTP_SERVER_CLIENT_CALLS, [method, route]),
      operation: this.#operationId(method, route, outcome),
      limits: this.#limits(method, route),
      work: undefined,
      cache: undefined,
    };
    // Past the limit the recorder lends overflow ids, which need no row here.
    if (known === undefined && this.#routes.size >= this.#routesMax) return ids;
    const row = known ?? [];
    row[methodIndex * (ABORTED + 1) + outcome] = ids;
    if (known === undefined) this.#routes.set(route, row);
    return ids;
  }

  /** A request that was refused or failed is an operation that failed. */
  #operationId(method: string, route: string, outcome: number): number {
    const name = this.#mapping.operationOf(method, route);
    if (name === undefined) return NO_SERIES;
    const module = this.#moduleOf(name, method, route);
    const error = outcome === ABORTED ? 'aborted' : outcome >= 4 ? OUTCOMES[outcome] : undefined;
    return this.#recorder.series(OPERATION_DURATION, [name, module, error]);
  }

  /** What is an operation, too, is slow by the stricter of both. */
  #limits(method: string, route: string): TraceLimits {
    const limits = this.#limitsOf.route(method, route);
    const name = this.#mapping.operationOf(method, route);
    if (name === undefined) return limits;
    const { slowUs } = this.#limitsOf.operation(name, this.#moduleOf(name, method, route));
    return slowUs < limits.slowUs ? { ...limits, slowUs } : limits;
  }

  #moduleOf(operation: string, method: string, route: string): string | undefined {
    return this.#mapping.moduleOf(method, route) ?? moduleOfOperation(operation);
  }
}

function nameOf(method: string): string {
  return METHOD_INDEXES.has(method) ? method : OTHER_METHOD;
}
