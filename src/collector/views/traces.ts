/** Traces that were kept: listed, and one as a waterfall. */
import {
  readTrace,
  TRACE_DURATION_US,
  TRACE_EVENT,
  TRACE_REASON,
  type Trace,
} from '../../transport/trace-event.js';
import type { StoredEvent } from '../query/events.js';
import { type WaterfallSpan, waterfallOf } from '../query/waterfall.js';
import type { ViewRequest, ViewSource } from './view-request.js';

export interface TracesRequest extends ViewRequest {
  readonly route: string | undefined;
  readonly reason: string | undefined;
  readonly minMs: number;
  readonly isSlowestFirst: boolean;
}

/** Times in seconds. */
export interface TraceRow {
  readonly timeMs: number;
  readonly traceId: string;
  readonly spanId: string;
  /** Of whoever called, when it said so. */
  readonly parentId: string | null;
  readonly service: string;
  readonly agent: string;
  readonly reason: string;
  /** Method, route and class of status of a request; the operation and module of a job. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Null where there is no response. */
  readonly statusCode: number | null;
  readonly duration: number;
  readonly queries: number;
  readonly queryTime: number;
  readonly middlewareTime: number;
  readonly clientCalls: number;
  /** Reads of caches that found something, and that did not. */
  readonly cacheHits: number;
  readonly cacheMisses: number;
}

export interface TraceDetail extends TraceRow {
  readonly spans: readonly WaterfallSpan[];
  /** Spans that were not kept. */
  readonly spansOmitted: number;
}

export async function tracesOf({ store }: ViewSource, request: TracesRequest): Promise<TraceRow[]> {
  const { route, reason, minMs, isSlowestFirst, ...range } = request;
  const where: (readonly [string, string])[] = [];
  if (route !== undefined) where.push(['http.route', route]);
  if (reason !== undefined) where.push([TRACE_REASON, reason]);
  const events = await store.events({
    ...range,
    name: TRACE_EVENT,
    where,
    number: {
      attribute: TRACE_DURATION_US,
      min: minMs * 1000,
      isGreatestFirst: isSlowestFirst,
    },
  });
  return events.flatMap((event) => {
    const trace = readTrace(event.timeMs, event.attributes);
    return trace === undefined ? [] : [rowOf(event, trace)];
  });
}

/** The parts of a trace, one for each process that kept one, in the order of their times. */
export async function traceOf({ store }: ViewSource, traceId: string): Promise<TraceDetail[]> {
  const events = await store.trace(traceId);
  return events.flatMap((event) => {
    const trace = readTrace(event.timeMs, event.attributes);
    if (trace === undefined) return [];
    const spans = waterfallOf(trace.spans);
    return [{ ...rowOf(event, trace), spans, spansOmitted: trace.omitted }];
  });
}

function rowOf({ service, agent }: StoredEvent, trace: Trace): TraceRow {
  return {
    timeMs: trace.timeMs,
    traceId: trace.traceId,
    spanId: trace.spanId,
    parentId: trace.parentId ?? null,
    service,
    agent,
    reason: trace.reason,
    attributes: trace.attributes,
    statusCode: trace.statusCode === 0 ? null : trace.statusCode,
    duration: trace.durationUs / 1e6,
    queries: trace.queries,
    queryTime: trace.queryTimeUs / 1e6,
    middlewareTime: trace.middlewareTimeUs / 1e6,
    clientCalls: trace.clientCalls,
    cacheHits: trace.cacheHits,
    cacheMisses: trace.cacheMisses,
  };
}
