/** Traces that were kept: listed, and one as a waterfall. */

import { QUERY_TEXT } from '../../shared/database-metrics.js';
import {
  readTrace,
  TRACE_DURATION_US,
  TRACE_EVENT,
  TRACE_REASON,
  type Trace,
  USER_HASH,
} from '../../transport/trace-event.js';
import { stallsIn, type TraceStall } from '../../transport/trace-stalls.js';
import { knownPlaces } from '../findings/known-places.js';
import type { StoredEvent } from '../query/events.js';
import { type SpanCode, type WaterfallSpan, waterfallOf } from '../query/waterfall.js';
import type { ViewRequest, ViewSource } from './view-request.js';

export interface TracesRequest extends ViewRequest {
  readonly method: string | undefined;
  readonly route: string | undefined;
  readonly reason: string | undefined;
  /** Hash of whose they were. */
  readonly user: string | undefined;
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
  /** During which the event loop was blocked, by whichever request. */
  readonly stallTime: number;
}

export interface TraceDetail extends TraceRow {
  readonly spans: readonly WaterfallSpan[];
  /** Spans that were not kept. */
  readonly spansOmitted: number;
  /** Blocks of the event loop that fell in it; the longest. */
  readonly stalls: readonly StallRow[];
}

export interface StallRow {
  /** Seconds from the start of the trace. */
  readonly offset: number;
  readonly duration: number;
  /** Null where it was not looked into. */
  readonly function: string | null;
  readonly file: string | null;
  readonly line: number | null;
  /** In a native call: the place is where it was heard of again. */
  readonly isApproximate: boolean;
}

export async function tracesOf({ store }: ViewSource, request: TracesRequest): Promise<TraceRow[]> {
  const { method, route, reason, user, minMs, isSlowestFirst, where, ...range } = request;
  const chosen = [
    ['http.request.method', method],
    ['http.route', route],
    [TRACE_REASON, reason],
    [USER_HASH, user],
  ] as const;
  const events = await store.events({
    ...range,
    name: TRACE_EVENT,
    where: chosen.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    resource: where ?? [],
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
export async function traceOf(source: ViewSource, traceId: string): Promise<TraceDetail[]> {
  const events = await source.store.trace(traceId);
  const [first] = events;
  if (first === undefined) return [];
  const find = await knownPlaces(source, undefined, first.timeMs);
  return events.flatMap((event) => {
    const trace = readTrace(event.timeMs, event.attributes);
    if (trace === undefined) return [];
    const codeOf = ({ [QUERY_TEXT]: text = '' }: Readonly<Record<string, string>>) =>
      shortCode(find(event.service, text, trace.attributes)?.code);
    const spans = waterfallOf(trace.spans, codeOf);
    const { stalls } = stallsIn(event.attributes);
    const row = rowOf(event, trace);
    return [{ ...row, spans, spansOmitted: trace.omitted, stalls: stalls.map(stallRow) }];
  });
}

function shortCode(code: SpanCode | undefined): SpanCode | null {
  return code === undefined ? null : { file: code.file, line: code.line, function: code.function };
}

const NO_PLACE = { function: null, file: null, line: null, isApproximate: false } as const;

function stallRow({ startUs, durationUs, place }: TraceStall): StallRow {
  return { offset: startUs / 1e6, duration: durationUs / 1e6, ...(place ?? NO_PLACE) };
}

function rowOf({ service, agent, attributes }: StoredEvent, trace: Trace): TraceRow {
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
    stallTime: stallsIn(attributes).sumUs / 1e6,
  };
}
