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
import { type TraceSpan, traceEvent, USER_HASH } from '../transport/trace-event.js';
import { withStalls } from '../transport/trace-stalls.js';
import type { StallsWithin } from './recent-stalls.js';

const TRACES_MAX = 20;
const ALIKE_MAX = 3;

/** `id` of the ring of `threadId`. */
export type SeriesOf = (threadId: number, id: number) => Series | undefined;

interface Kept {
  readonly key: string;
  readonly durationUs: number;
  readonly event: BatchEvent;
  /** By the process's clock; undefined of a thread whose blocks are not watched. */
  readonly startMs: number | undefined;
}

export class KeptTraces {
  readonly #seriesOf: SeriesOf;
  readonly #stallsWithin: StallsWithin;
  readonly #hashOf: (user: string) => string;
  #kept: Kept[] = [];

  /** `hashOf`: what is told of a user in their place. */
  constructor(seriesOf: SeriesOf, stallsWithin: StallsWithin, hashOf: (user: string) => string) {
    this.#seriesOf = seriesOf;
    this.#stallsWithin = stallsWithin;
    this.#hashOf = hashOf;
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
    const startMs = threadId === 0 ? trace.startMs : undefined;
    this.#kept.push({ key, durationUs: trace.durationUs, event, startMs });
  }

  /** What is kept so far, with the stalls that are known by now: a trace may come before the end of one. */
  get events(): readonly BatchEvent[] {
    return this.#kept.map(({ event, startMs, durationUs }) =>
      startMs === undefined
        ? event
        : withStalls(event, this.#stallsWithin(startMs, startMs + durationUs / 1000)),
    );
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
      attributes: {
        ...Object.fromEntries(series.attributes),
        ...(trace.user === undefined ? {} : { [USER_HASH]: this.#hashOf(trace.user) }),
      },
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
