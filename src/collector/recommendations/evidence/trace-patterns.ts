/**
 * What kept traces show and no metric can: calls that one request makes again and again, and how many rows a query
 * brings. Traces are of slow, failing and query-heavy requests, with a few drawn by chance, so this says what
 * happens, not how often. Bounded by TRACES_MAX traces, of which each has a bounded text.
 */
import { QUERY_TEXT } from '../../../shared/database-metrics.js';
import {
  readTrace,
  TRACE_EVENT,
  type Trace,
  type TraceSpan,
} from '../../../transport/trace-event.js';
import { spanKind } from '../../query/span-label.js';
import type { ViewRequest, ViewSource } from '../../views/view-request.js';

/** A call that requests of one route make several times each. Times in seconds. */
export interface Repeated {
  readonly kind: 'query' | 'http' | 'template';
  readonly method: string;
  readonly route: string;
  /** The statement, the host, or the template. */
  readonly call: string;
  /** Traces that have it at least REPEATS_MIN times, and how often on average and at most. */
  readonly traces: number;
  readonly mean: number;
  readonly max: number;
  /** Time of one such call. */
  readonly meanTime: number;
  readonly traceId: string;
}

/** A query and the most rows that it brought. */
export interface ManyRows {
  readonly text: string;
  readonly route: string;
  readonly method: string;
  readonly rowsMax: number;
  readonly duration: number;
  readonly traceId: string;
}

export interface TracePatterns {
  readonly traces: number;
  readonly repeated: readonly Repeated[];
  readonly manyRows: readonly ManyRows[];
  /** Routes that were answered with a file, as method and path. */
  readonly staticRoutes: readonly string[];
  /** Templates by the routes whose traces have them. */
  readonly templatesByRoute: ReadonlyMap<string, ReadonlySet<string>>;
}

const TRACES_MAX = 300;
const REPEATS_MIN = 3;
const PATTERNS_MAX = 200;

export async function tracePatterns(
  { store }: ViewSource,
  { limit: _, ...range }: ViewRequest,
): Promise<TracePatterns> {
  const events = await store.events({ ...range, name: TRACE_EVENT, limit: TRACES_MAX });
  return patternsIn(
    events.flatMap(({ timeMs, attributes }) => readTrace(timeMs, attributes) ?? []),
  );
}

/** Pure. */
export function patternsIn(traces: readonly Trace[]): TracePatterns {
  const repeated = new Map<string, Repeated>();
  const manyRows = new Map<string, ManyRows>();
  const staticRoutes = new Set<string>();
  const templatesByRoute = new Map<string, Set<string>>();
  for (const trace of traces) {
    const [method, route] = placeOf(trace);
    for (const one of repeatedIn(trace)) {
      const key = JSON.stringify([one.kind, method, route, one.call]);
      repeated.set(key, joined(repeated.get(key), one));
    }
    for (const span of trace.spans) {
      const kind = spanKind(span.name);
      if (kind === 'static-file') staticRoutes.add(`${method} ${route}`);
      if (kind === 'template') addTo(templatesByRoute, `${method} ${route}`, nameOf(span));
      if (kind === 'query') keepMost(manyRows, trace, span);
    }
  }
  return {
    traces: traces.length,
    repeated: [...repeated.values()].sort((a, b) => b.mean - a.mean).slice(0, PATTERNS_MAX),
    manyRows: [...manyRows.values()].sort((a, b) => b.rowsMax - a.rowsMax).slice(0, PATTERNS_MAX),
    staticRoutes: [...staticRoutes],
    templatesByRoute,
  };
}

function placeOf({ attributes }: Trace): [method: string, route: string] {
  return [attributes['http.request.method'] ?? '', attributes['http.route'] ?? ''];
}

function nameOf({ attributes }: TraceSpan): string {
  return attributes['tachograph.template.name'] ?? '';
}

function callOf(span: TraceSpan): readonly [Repeated['kind'], string] | undefined {
  const { attributes } = span;
  switch (spanKind(span.name)) {
    case 'query':
      return ['query', attributes[QUERY_TEXT] ?? ''];
    case 'http':
      return ['http', `${attributes['server.address'] ?? ''}:${attributes['server.port'] ?? ''}`];
    case 'template':
      return ['template', nameOf(span)];
    default:
      return undefined;
  }
}

function repeatedIn(trace: Trace): Repeated[] {
  const [method, route] = placeOf(trace);
  const calls = new Map<string, { kind: Repeated['kind']; call: string; spans: TraceSpan[] }>();
  for (const span of trace.spans) {
    const [kind, call] = callOf(span) ?? [];
    if (kind === undefined || !call) continue;
    const key = `${kind} ${call}`;
    const known = calls.get(key);
    if (known === undefined) calls.set(key, { kind, call, spans: [span] });
    else known.spans.push(span);
  }
  return [...calls.values()]
    .filter(({ spans }) => spans.length >= REPEATS_MIN)
    .map(({ kind, call, spans }) => {
      const sumUs = spans.reduce((sum, { durationUs }) => sum + durationUs, 0);
      const number = { traces: 1, mean: spans.length, max: spans.length };
      const meanTime = sumUs / spans.length / 1e6;
      return { kind, method, route, call, ...number, meanTime, traceId: trace.traceId };
    });
}

function joined(known: Repeated | undefined, one: Repeated): Repeated {
  if (known === undefined) return one;
  const traces = known.traces + 1;
  const meanOf = (a: number, b: number): number => (a * known.traces + b) / traces;
  return {
    ...(one.max > known.max ? one : known),
    traces,
    mean: meanOf(known.mean, one.mean),
    meanTime: meanOf(known.meanTime, one.meanTime),
  };
}

function keepMost(manyRows: Map<string, ManyRows>, trace: Trace, span: TraceSpan): void {
  const text = span.attributes[QUERY_TEXT] ?? '';
  const known = manyRows.get(text);
  if (text === '' || span.detail < 0 || (known !== undefined && known.rowsMax >= span.detail)) {
    return;
  }
  const [method, route] = placeOf(trace);
  const { traceId } = trace;
  const duration = span.durationUs / 1e6;
  manyRows.set(text, { text, route, method, rowsMax: span.detail, duration, traceId });
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set();
  set.add(value);
  sets.set(key, set);
}
