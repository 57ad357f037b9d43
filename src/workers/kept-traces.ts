/**
 * The traces of one window: the units that breached, as events of the batch. Names come from the
 * series of the thread's ring. The slowest of each (series, reason) are kept, at most so many a
 * window: one example explains as much as a hundred. Runs in the agent's worker.
 */
import type { KeptTrace, ThreadTrace } from '../shared/worker-protocol.js';
import type { Attributes, BatchEvent, Series } from '../transport/batch.js';

/** Words of a span, in the order of src/agent/span-list.ts. */
const SPAN_WORDS = 4;
const TRACES_MAX = 20;
const ALIKE_MAX = 3;

export const TRACE_EVENT = 'tachograph.trace';

/** `id` of the ring of `threadId`. */
export type SeriesOf = (threadId: number, id: number) => Series | undefined;

/**
 * A span of a trace, as text in the event: metric, start and duration in µs, detail (rows, -1 when
 * unknown), then names and values of its attributes in turn.
 */
export type TraceSpan = readonly [
  name: string,
  startUs: number,
  durationUs: number,
  detail: number,
  attributes: readonly string[],
];

interface Kept {
  readonly key: string;
  readonly durationUs: number;
  readonly event: BatchEvent;
}

export class KeptTraces {
  readonly #seriesOf: SeriesOf;
  #kept: Kept[] = [];

  constructor(seriesOf: SeriesOf) {
    this.#seriesOf = seriesOf;
  }

  add({ threadId, trace }: ThreadTrace): void {
    const series = this.#seriesOf(threadId, trace.series);
    // Its thread is gone, and with it what the numbers stand for.
    if (series === undefined) return;
    const key = `${trace.reason} ${JSON.stringify(series.attributes)}`;
    const event = this.#toEvent(threadId, trace, series);
    this.#kept.push({ key, durationUs: trace.durationUs, event });
    const alike = this.#kept.filter((other) => other.key === key);
    if (alike.length > ALIKE_MAX) this.#drop(fastest(alike));
    else if (this.#kept.length > TRACES_MAX) this.#drop(fastest(this.#kept));
  }

  /** What is kept so far. */
  get events(): readonly BatchEvent[] {
    return this.#kept.map(({ event }) => event);
  }

  reset(): void {
    this.#kept = [];
  }

  #drop(kept: Kept): void {
    this.#kept.splice(this.#kept.indexOf(kept), 1);
  }

  #toEvent(threadId: number, trace: KeptTrace, series: Series): BatchEvent {
    const attributes: [string, string][] = [
      ...series.attributes.map(([name, value]): [string, string] => [name, value]),
      ['tachograph.trace.reason', trace.reason],
      ['tachograph.trace.duration_us', String(trace.durationUs)],
      ['tachograph.trace.queries', String(trace.queries)],
      ['tachograph.trace.query_time_us', String(trace.queryBusyUs)],
      ['tachograph.trace.middleware_time_us', String(trace.middlewareUs)],
      ['tachograph.trace.client_calls', String(trace.clientCalls)],
      ['tachograph.trace.spans', JSON.stringify(this.#spansOf(threadId, trace))],
      ['tachograph.trace.spans_omitted', String(trace.omitted)],
      ['trace_id', trace.traceId],
      ['span_id', trace.spanId],
    ];
    if (trace.statusCode > 0)
      attributes.push(['http.response.status_code', String(trace.statusCode)]);
    if (trace.parentId !== undefined) attributes.push(['parent_span_id', trace.parentId]);
    return {
      timeMs: Math.round(trace.timeMs),
      name: TRACE_EVENT,
      attributes: attributes.sort(([a], [b]) => (a < b ? -1 : 1)) as Attributes,
    };
  }

  #spansOf(threadId: number, { spans }: KeptTrace): TraceSpan[] {
    const found: TraceSpan[] = [];
    for (let at = 0; at < spans.length; at += SPAN_WORDS) {
      const [id, startUs, durationUs, detail] = spans.subarray(at, at + SPAN_WORDS);
      const series = this.#seriesOf(threadId, id!);
      if (series === undefined) continue;
      found.push([series.name, startUs!, durationUs!, detail!, series.attributes.flat()]);
    }
    return found;
  }
}

function fastest(traces: readonly Kept[]): Kept {
  return traces.reduce((least, trace) => (trace.durationUs < least.durationUs ? trace : least));
}
