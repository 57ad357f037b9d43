/**
 * A trace as an event of a batch: written by the worker, read by the collector. Texts of the wire
 * format have at most 1,024 characters, and an event 64 attributes, so the spans are one text cut in
 * PIECES_MAX pieces at most; each call that they name is written once. What does not fit is left out,
 * the shortest spans first, and counted.
 */
import type { TraceReason } from '../shared/worker-protocol.js';
import { ascii } from './ascii.js';
import type { Attributes, BatchEvent } from './batch.js';

export const TRACE_EVENT = 'tachograph.trace';

export interface TraceSpan {
  /** Of its series. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** After the start of the trace. */
  readonly startUs: number;
  readonly durationUs: number;
  /** Of a query: the rows. -1 when there is nothing to say. */
  readonly detail: number;
  /** It was not over at the end of the trace: its duration is until then. */
  readonly isOpen?: boolean;
}

export interface Trace {
  /** Unix ms of its start. */
  readonly timeMs: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly reason: TraceReason;
  /** Of its series: method, route, class of status; or the operation. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly durationUs: number;
  /** 0 where there is no response. */
  readonly statusCode: number;
  readonly queries: number;
  readonly queryTimeUs: number;
  readonly middlewareTimeUs: number;
  readonly clientCalls: number;
  /** Reads of caches that found something, and that did not. */
  readonly cacheHits: number;
  readonly cacheMisses: number;
  readonly spans: readonly TraceSpan[];
  /** Spans that were not kept. */
  readonly omitted: number;
}

const OWN = 'tachograph.trace.';
const SPANS = `${OWN}spans.`;
/** Indexes of the spans that were not over; left out where there are none. */
const SPANS_OPEN = `${OWN}spans_open`;
const PIECE_LENGTH = 1000;
/** Of 64 attributes; what else an event may have is 24 at the most, ./trace-stalls.ts's included. */
const PIECES_MAX = 40;
/** A statement is known by less. */
const VALUE_LENGTH_MAX = 200;
/** Numbers of a span and their commas, at the most. */
const SPAN_LENGTH = 40;
/** Attributes of the series that go with it: fewer than any metric has. */
const ATTRIBUTES_MAX = 8;

/** Names of the numbers of a trace, as attributes. */
const NUMBERS = [
  ['duration_us', 'durationUs'],
  ['queries', 'queries'],
  ['query_time_us', 'queryTimeUs'],
  ['middleware_time_us', 'middlewareTimeUs'],
  ['client_calls', 'clientCalls'],
  ['status_code', 'statusCode'],
] as const;

/** Numbers that not every agent of version 1 sends; left out where they are 0. */
const LATER_NUMBERS = [
  ['cache_hits', 'cacheHits'],
  ['cache_misses', 'cacheMisses'],
] as const;

/** Whose request it was, where the agent was asked for it: an attribute of the event. */
export const USER_HASH = 'user.hash';
/** Attribute of an event by which traces are chosen in a store. */
export const TRACE_ID = 'trace_id';
export const TRACE_REASON: string = `${OWN}reason`;
export const TRACE_DURATION_US: string = `${OWN}duration_us`;

export function traceEvent(trace: Trace): BatchEvent {
  const { text, left, open } = spansText(trace.spans);
  const pairs: [string, string][] = [
    ...Object.entries(trace.attributes).slice(0, ATTRIBUTES_MAX),
    [TRACE_REASON, trace.reason],
    [`${OWN}spans_omitted`, String(trace.omitted + left)],
    [TRACE_ID, trace.traceId],
    ['span_id', trace.spanId],
  ];
  for (const [name, key] of NUMBERS) pairs.push([OWN + name, String(trace[key])]);
  for (const [name, key] of LATER_NUMBERS) {
    if (trace[key] > 0) pairs.push([OWN + name, String(trace[key])]);
  }
  if (open !== '') pairs.push([SPANS_OPEN, open]);
  if (trace.parentId !== undefined) pairs.push(['parent_span_id', trace.parentId]);
  for (let i = 0; i * PIECE_LENGTH < text.length; i++) {
    const piece = text.slice(i * PIECE_LENGTH, (i + 1) * PIECE_LENGTH);
    pairs.push([SPANS + String(i).padStart(2, '0'), piece]);
  }
  const attributes: Attributes = pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  return { timeMs: Math.round(trace.timeMs), name: TRACE_EVENT, attributes };
}

/** `[[call, …], [call's index, start, duration, detail, …]]`, where a call is `[name, attribute, value, …]`. */
function spansText(spans: readonly TraceSpan[]): { text: string; left: number; open: string } {
  const calls = new Map<string, number>();
  const rows = spans.map((span) => ({ ...span, call: callOf(span), isKept: false }));
  let room = PIECES_MAX * PIECE_LENGTH;
  for (const row of [...rows].sort((a, b) => b.durationUs - a.durationUs)) {
    const cost = SPAN_LENGTH + (calls.has(row.call) ? 0 : row.call.length + 1);
    if (cost > room) continue;
    room -= cost;
    row.isKept = true;
    if (!calls.has(row.call)) calls.set(row.call, calls.size);
  }
  const kept = rows.filter(({ isKept }) => isKept);
  const numbers = kept.flatMap(({ call, startUs, durationUs, detail }) => [
    calls.get(call),
    startUs,
    durationUs,
    detail,
  ]);
  const text = `[[${[...calls.keys()].join(',')}],${JSON.stringify(numbers)}]`;
  const open = kept.flatMap(({ isOpen }, i) => (isOpen === true ? [i] : [])).join(' ');
  return { text, left: spans.length - kept.length, open };
}

function callOf({ name, attributes }: TraceSpan): string {
  const values = Object.entries(attributes).flat();
  return ascii(JSON.stringify([name, ...values.map((text) => text.slice(0, VALUE_LENGTH_MAX))]));
}

/** Undefined when it is none: events come from anybody who may send. */
export function readTrace(
  timeMs: number,
  attributes: Readonly<Record<string, string>>,
): Trace | undefined {
  const number = (name: string): number => Number(attributes[OWN + name] ?? Number.NaN);
  const numbers = Object.fromEntries(NUMBERS.map(([name, key]) => [key, number(name)]));
  const later = Object.fromEntries(
    LATER_NUMBERS.map(([name, key]) => [key, Number.isFinite(number(name)) ? number(name) : 0]),
  );
  const omitted = number('spans_omitted');
  const traceId = attributes[TRACE_ID] ?? '';
  if (traceId === '' || ![omitted, ...Object.values(numbers)].every(Number.isFinite)) {
    return undefined;
  }
  const isOwn = (name: string): boolean =>
    name.startsWith(OWN) || [TRACE_ID, 'span_id', 'parent_span_id'].includes(name);
  return {
    ...(numbers as Record<(typeof NUMBERS)[number][1], number>),
    ...(later as Record<(typeof LATER_NUMBERS)[number][1], number>),
    timeMs,
    traceId,
    spanId: attributes.span_id ?? '',
    parentId: attributes.parent_span_id,
    reason: attributes[TRACE_REASON] as TraceReason,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => !isOwn(name))),
    spans: spansIn(attributes),
    omitted,
  };
}

/** None where the text is not what `spansText` writes. */
function spansIn(attributes: Readonly<Record<string, string>>): TraceSpan[] {
  const pieces = Object.keys(attributes)
    .filter((name) => name.startsWith(SPANS))
    .sort()
    .map((name) => attributes[name]);
  try {
    const [calls, numbers] = JSON.parse(pieces.join('')) as [string[][], number[]];
    const open = new Set(attributes[SPANS_OPEN]?.split(' '));
    const spans: TraceSpan[] = [];
    for (let at = 0; at + 3 < numbers.length; at += 4) {
      const [call, startUs, durationUs, detail] = numbers.slice(at, at + 4) as [
        number,
        number,
        number,
        number,
      ];
      if (![startUs, durationUs, detail].every(Number.isFinite)) return [];
      const [name = '', ...flat] = calls[call]!.map(String);
      const span = { name, attributes: pairsIn(flat), startUs, durationUs, detail };
      spans.push(open.has(String(at / 4)) ? { ...span, isOpen: true } : span);
    }
    return spans;
  } catch {
    return [];
  }
}

function pairsIn(flat: readonly string[]): Record<string, string> {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) pairs.push([flat[i]!, flat[i + 1]!]);
  return Object.fromEntries(pairs);
}
