/**
 * A unit of the application's work: a request, a job, an operation outside both. Counts what was
 * done for it, and keeps its spans until it is known whether anybody wants them. Hot path: a unit
 * that calls nobody allocates nothing here.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { SpanList } from './span-list.js';

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
  cacheHits = 0;
  cacheMisses = 0;
  /** Middleware that ran for it, in ms. */
  middlewareMs = 0;
  /** Series and start of the middleware that has not passed it on, if any: NO_LAYER. */
  layerSeries: number = NO_LAYER;
  layerStartMs = 0;
  /** Ids that join it to other processes, once somebody asked (./trace-context.ts). */
  trace: TraceIds | undefined = undefined;
  spans: SpanList | undefined = undefined;
  /** Spans for which no list could be lent. */
  spansLost = 0;
  #queriesOpen = 0;
  #busySinceMs = 0;

  constructor(startMs: number) {
    this.startMs = startMs;
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

  /** A call that has ended becomes a part of the unit's trace. `detail`: see span-list.ts. */
  addSpan(series: number, startMs: number, endMs: number, detail: number): void {
    if (this.isDone) return;
    this.spans ??= SpanList.take();
    if (this.spans === undefined) this.spansLost += 1;
    this.spans?.add(series, (startMs - this.startMs) * 1000, (endMs - startMs) * 1000, detail);
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

  /** The spans are let go: whoever wants them has taken them. */
  release(): void {
    this.spans?.release();
    this.spans = undefined;
  }
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
