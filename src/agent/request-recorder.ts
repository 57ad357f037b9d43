/**
 * Turns a request that has ended into records: duration, bytes, calls, under its route. Shared by
 * the HTTP/1 and HTTP/2 probes. Hot path.
 */
import { ERROR_PAGE_DURATION } from '../shared/application-metrics.js';
import { OTHER } from '../shared/metric.js';
import { HTTP_SERVER_ACTIVE_REQUESTS } from '../shared/metrics.js';
import { NO_SERIES } from '../shared/ring-layout.js';
import { nowMs } from './clock.js';
import type { Recorder } from './recorder.js';
import { carriedBy, NO_ANSWER, type RequestState } from './request-state.js';
import type { RouteMapping } from './route-mapping.js';
import { createRouteNormaliser, type RouteNormaliser } from './route-normaliser.js';
import { ABORTED, type CacheIds, RouteSeries, SERVER_ERROR, type WorkIds } from './route-series.js';
import { SeriesMap } from './series-map.js';
import type { TraceKeeper } from './trace-keeper.js';
import type { LimitsOf } from './trace-limits.js';

/** The route of every 404 that no template matched: a scanner must not grow the list. */
export const UNMATCHED = '(unmatched)';
/** The route of what a framework answered before any route: a static file, a refused log-in. */
export const MIDDLEWARE = '(middleware)';

/** Routes kept with their series ids; past them series are looked up by the slower way. */
const ROUTES_MAX = 2000;

export class RequestRecorder {
  readonly #recorder: Recorder;
  readonly #traces: TraceKeeper;
  readonly #routes: RouteSeries;
  readonly #normaliser: RouteNormaliser = createRouteNormaliser(OTHER);
  #active = 0;
  #newest: RequestState | undefined;
  #isFollowed = false;
  /** By status code: one of 404 and one of each 5xx at most. */
  readonly #errorPages: SeriesMap<number>;

  constructor(recorder: Recorder, traces: TraceKeeper, mapping: RouteMapping, limitsOf: LimitsOf) {
    this.#recorder = recorder;
    this.#traces = traces;
    this.#routes = new RouteSeries(recorder, mapping, limitsOf, ROUTES_MAX);
    this.#errorPages = new SeriesMap(recorder, ERROR_PAGE_DURATION);
  }

  /** From now on somebody may ask for a request's trace when it has ended: the log line of its end does. */
  follow(): void {
    this.#isFollowed = true;
  }

  begin(state: RequestState): void {
    this.#active += 1;
    this.#newest = state;
  }

  /** The request that is open now, when it is the only one and the last that came. */
  get onlyOpen(): RequestState | undefined {
    return this.#active === 1 && this.#newest?.isDone === false ? this.#newest : undefined;
  }

  /** Records the requests that are open now, as a gauge. */
  sampleActive(): void {
    this.#recorder.record(this.#recorder.series(HTTP_SERVER_ACTIVE_REQUESTS), this.#active);
  }

  /** Ends a request once; a second call does nothing. */
  end(state: RequestState, statusCode: number, isAborted: boolean): void {
    if (state.isDone) return;
    this.#active -= 1;
    if (this.#newest === state) this.#newest = undefined;
    const endMs = nowMs();
    const durationUs = Math.round((endMs - state.startMs) * 1000);
    const outcome = isAborted ? ABORTED : outcomeOf(statusCode);
    const route = this.#routeOf(state, statusCode);
    const ids = this.#routes.ids(state.method, route, outcome);
    const recorder = this.#recorder;
    recorder.stage(ids.duration, durationUs);
    if (state.bytesIn >= 0) recorder.stage(ids.requestSize, state.bytesIn);
    if (state.bytesOut >= 0) recorder.stage(ids.responseSize, state.bytesOut);
    if (state.clientCalls > 0) recorder.stage(ids.clientCalls, state.clientCalls);
    if (ids.operation !== NO_SERIES) recorder.stage(ids.operation, durationUs);
    if (state.answerSeries !== NO_ANSWER) recorder.stage(state.answerSeries, durationUs);
    const isError = outcome === SERVER_ERROR;
    if (isError || (statusCode === 404 && !isAborted)) {
      recorder.stage(this.#errorPages.id(statusCode, asText), durationUs);
    }
    state.close(endMs);
    if (state.queries > 0 || state.middlewareMs > 0 || state.layerMs !== undefined) {
      this.#stageWork(state, this.#routes.workIds(ids, state.method, route));
    }
    if (state.cacheHits > 0 || state.cacheMisses > 0) {
      this.#stageReads(state, this.#routes.cacheIds(ids, state.method, route));
    }
    recorder.publish();
    const carried = this.#isFollowed ? carriedBy(state) : undefined;
    this.#traces.finish(state, ids.duration, durationUs, statusCode, isError, ids.limits);
    state.headers = carried;
  }

  #stageWork(state: RequestState, ids: WorkIds): void {
    const recorder = this.#recorder;
    if (state.queries > 0) {
      recorder.stage(ids.queries, state.queries);
      recorder.stage(ids.queryTime, Math.round(state.queryBusyMs * 1000));
    }
    if (state.middlewareMs > 0) {
      recorder.stage(ids.middlewareTime, Math.round(state.middlewareMs * 1000));
    }
    if (state.layerMs !== undefined) this.#stageLayers(state.layerMs, ids);
  }

  #stageLayers(layerMs: readonly number[], ids: WorkIds): void {
    for (let layer = 0; layer < layerMs.length; layer++) {
      const durationMs = layerMs[layer] ?? 0;
      if (durationMs === 0) continue;
      this.#recorder.stage(this.#routes.layerId(ids, layer), Math.round(durationMs * 1000));
    }
  }

  #stageReads({ cacheHits, cacheMisses }: RequestState, ids: CacheIds): void {
    if (cacheHits > 0) this.#recorder.stage(ids.hits, cacheHits);
    if (cacheMisses > 0) this.#recorder.stage(ids.misses, cacheMisses);
  }

  #routeOf(state: RequestState, statusCode: number): string {
    const route = routeSoFar(state, statusCode);
    if (route !== undefined && route !== '') return route;
    if (statusCode === 404) return UNMATCHED;
    if (state.resolver !== undefined) return MIDDLEWARE;
    return this.#normaliser.normalise(targetOf(state));
  }
}

/** The template that a framework has told by now. */
export function routeSoFar(state: RequestState, statusCode: number): string | undefined {
  return state.route ?? askResolver(state, statusCode);
}

/** A framework's objects may be in any state when a response ends: what they throw is no route. */
function askResolver(state: RequestState, statusCode: number): string | undefined {
  if (state.resolver === undefined) return undefined;
  try {
    return state.resolver(state, statusCode);
  } catch {
    return undefined;
  }
}

/** Frameworks rewrite `url` while they route; `originalUrl` is what came. */
function targetOf({ target, request }: RequestState): string {
  const { originalUrl, url } = (request ?? {}) as { originalUrl?: string; url?: string };
  return target ?? originalUrl ?? url ?? '/';
}

const asText = (statusCode: number): readonly string[] => [String(statusCode)];

function outcomeOf(statusCode: number): number {
  return statusCode >= 100 && statusCode < 600 ? Math.trunc(statusCode / 100) : 0;
}
