/**
 * The traces of one window: the units that breached, as events of the batch. Names come from the
 * series of the thread's ring. The slowest of each (series, reason) are kept, at most so many a
 * window: one example explains as much as a hundred. Runs in the agent's worker.
 */
import {
  type KeptTrace,
  SPAN_OPEN_US,
  SPAN_WORDS,
  type ThreadTrace,
} from '../shared/worker-protocol.js';
import type { BatchEvent, Series } from '../transport/batch.js';
import { type TraceSpan, traceEvent } from '../transport/trace-event.js';

const TRACES_MAX = 20;
const ALIKE_MAX = 3;

/** `id` of the ring of `threadId`. */
export type SeriesOf = (threadId: number, id: number) => Series | undefined;

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
    // Decided first: an event of 128 spans takes a while to make.
    const alike = this.#kept.filter((other) => other.key === key);
    const rivals = alike.length === ALIKE_MAX ? alike : this.#kept;
    if (rivals === alike || this.#kept.length === TRACES_MAX) {
      const least = fastest(rivals);
      if (trace.durationUs <= least.durationUs) return;
      this.#drop(least);
    }
    const event = this.#toEvent(threadId, trace, series);
    this.#kept.push({ key, durationUs: trace.durationUs, event });
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
    return traceEvent({
      timeMs: trace.timeMs,
      traceId: trace.traceId,
      spanId: trace.spanId,
      parentId: trace.parentId,
      reason: trace.reason,
      attributes: Object.fromEntries(series.attributes),
      durationUs: trace.durationUs,
      statusCode: trace.statusCode,
      queries: trace.queries,
      queryTimeUs: trace.queryBusyUs,
      middlewareTimeUs: trace.middlewareUs,
      clientCalls: trace.clientCalls,
      cacheHits: trace.cacheHits,
      cacheMisses: trace.cacheMisses,
      spans: this.#spansOf(threadId, trace),
      omitted: trace.omitted,
    });
  }

  #spansOf(threadId: number, { spans, durationUs: wholeUs }: KeptTrace): TraceSpan[] {
    const found: TraceSpan[] = [];
    for (let at = 0; at < spans.length; at += SPAN_WORDS) {
      const [id, startUs, durationUs, detail] = spans.subarray(at, at + SPAN_WORDS);
      const series = this.#seriesOf(threadId, id!);
      if (series === undefined) continue;
      const isOpen = durationUs === SPAN_OPEN_US;
      found.push({
        name: series.name,
        attributes: Object.fromEntries(series.attributes),
        startUs: startUs!,
        durationUs: isOpen ? Math.max(0, wholeUs - startUs!) : durationUs!,
        detail: detail!,
        isOpen,
      });
    }
    return found;
  }
}

function fastest(traces: readonly Kept[]): Kept {
  return traces.reduce((least, trace) => (trace.durationUs < least.durationUs ? trace : least));
}
