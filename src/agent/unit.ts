/**
 * A unit of the application's work: a request, a job, an operation outside both. Counts what was
 * done for it, and keeps its spans until it is known whether anybody wants them. Hot path: a unit
 * that calls nobody allocates nothing here.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { NO_QUERY } from '../shared/query-values.js';
import { type AskedPlace, SPAN_OPEN_US } from '../shared/worker-protocol.js';
import { LAYERS, type Layer } from './layer.js';
import { NO_DETAIL, NO_SPAN, SpanList } from './span-list.js';

export const NO_LAYER = -1;

export class Unit {
  /** Of one that waits for its work, when that came. */
  startMs: number;
  isDone = false;
  /** Outbound HTTP calls it made. */
  clientCalls = 0;
  queries = 0;
  /** Time during which at least one of its queries ran, in ms: side by side counts once. */
  queryBusyMs = 0;
  /** Reads of caches that found something, and that did not. */
  cacheHits = 0;
  cacheMisses = 0;
  /** Middleware that ran for it, in ms. */
  middlewareMs = 0;
  /** Series and start of the middleware that has not passed it on, if any: NO_LAYER. */
  layerSeries: number = NO_LAYER;
  layerStartMs = 0;
  /** Time in its layers by their kinds, in ms, once it has called one. */
  layerMs: number[] | undefined = undefined;
  /** Ids that join it to other processes, once somebody asked (./trace-context.ts). */
  trace: TraceIds | undefined = undefined;
  spans: SpanList | undefined = undefined;
  /** Something of its queries is worth a look: one was slow, had many rows, or kept a transaction open. */
  isNotable = false;
  /** Series of its duration, once it has ended. */
  series: number | undefined = undefined;
  /** Where it made queries whose places the worker asked for (./query-places.ts). */
  places: AskedPlace[] | undefined = undefined;
  /** How often it made those queries, by series. */
  calls: Map<number, StatementCalls> | undefined = undefined;
  /** Spans for which no list could be lent. */
  spansLost = 0;
  #queriesOpen = 0;
  #busySinceMs = 0;

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  /** What may tell whose work it is; src/agent/request-user.ts looks into it. */
  carriers(): readonly unknown[] {
    return [];
  }

  beginQuery(startMs: number): void {
    this.queries += 1;
    if (this.#queriesOpen === 0) this.#busySinceMs = startMs;
    this.#queriesOpen += 1;
  }

  endQuery(endMs: number): void {
    this.#queriesOpen -= 1;
    if (this.#queriesOpen === 0) this.queryBusyMs += endMs - this.#busySinceMs;
  }

  /** A call of a layer has ended. What ran within it (a session's queries) is part of its time. */
  addLayer(layer: Layer, durationMs: number): void {
    if (this.isDone) return;
    this.layerMs ??= new Array<number>(LAYERS.length).fill(0);
    this.layerMs[layer] = (this.layerMs[layer] ?? 0) + durationMs;
  }

  /** A call that has ended becomes a part of the unit's trace. `detail`: see span-list.ts. */
  addSpan(series: number, startMs: number, endMs: number, detail: number): void {
    this.#add(series, startMs, (endMs - startMs) * 1000, detail, endMs);
  }

  /**
   * A call that begins is a part of it already, so that one that never ends is told of. Returns its
   * place, for `endSpan`.
   */
  beginSpan(series: number, startMs: number): number {
    return this.#add(series, startMs, SPAN_OPEN_US, NO_DETAIL, startMs);
  }

  /** `series` may be another one than at the beginning: that of the call's failure. */
  endSpan(
    place: number,
    series: number,
    startMs: number,
    endMs: number,
    detail: number,
    values: number = NO_QUERY,
  ): void {
    // Of a unit that is done the list is another's.
    if (this.isDone || place === NO_SPAN) return;
    this.spans?.end(place, series, (endMs - startMs) * 1000, detail, values);
  }

  #add(series: number, startMs: number, durationUs: number, detail: number, nowMs: number): number {
    if (this.isDone) return NO_SPAN;
    this.spans ??= SpanList.take(nowMs);
    if (this.spans === undefined) {
      this.spansLost += 1;
      return NO_SPAN;
    }
    return this.spans.add(series, (startMs - this.startMs) * 1000, durationUs, detail, nowMs);
  }

  /** Headers of the call that this unit answers. */
  callerHeaders(): IncomingHttpHeaders | undefined {
    return undefined;
  }

  /** Nothing more is counted; queries that still run count until now. The spans wait to be taken. */
  close(endMs: number): void {
    if (this.#queriesOpen > 0) {
      this.#queriesOpen = 0;
      this.queryBusyMs += endMs - this.#busySinceMs;
    }
    this.isDone = true;
  }

  /** What it held is let go, its spans first: whoever wants them has taken them. */
  release(): void {
    this.spans?.release();
    this.spans = undefined;
    this.calls = undefined;
  }
}

/** What is asked of a pool begins later, and what is asked of a connection is never asked of a pool. */
export interface StatementCalls {
  asked: number;
  begun: number;
  /** At which nobody was to be seen. */
  tries: number;
}

/** Of W3C Trace Context, in hexadecimal. */
export interface TraceIds {
  /** 32 digits. */
  readonly traceId: string;
  /** 16 digits: this unit's own. */
  readonly spanId: string;
  /** Of whoever called, when it said so. */
  readonly parentId: string | undefined;
  readonly isSampled: boolean;
}
