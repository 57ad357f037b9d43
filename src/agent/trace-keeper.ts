/**
 * Decides at the end of a unit whether its trace is kept, and sends it to the agent's worker. Rare by
 * construction: a token bucket bounds what is sent, for when everything is slow one example is as
 * good as a thousand. Every unit passes here: hot path.
 */
import type { Options } from '../shared/options.js';
import type { KeptTrace, TraceReason } from '../shared/worker-protocol.js';
import { nowMs, wallTimeMs } from './clock.js';
import { createUserOf, type UserOf } from './request-user.js';
import { NO_SPANS } from './span-list.js';
import type { Suspects } from './suspects.js';
import { traceIdsOf } from './trace-context.js';
import type { TraceLimits } from './trace-limits.js';
import type { Unit } from './unit.js';

const KEPT_PER_SECOND = 5;
const KEPT_AT_ONCE = 20;

export class TraceKeeper {
  readonly #sampleOneIn: number;
  readonly #send: (trace: KeptTrace) => void;
  readonly #suspects: Suspects | undefined;
  readonly #userOf: UserOf;
  #tokens = KEPT_AT_ONCE;
  #refilledMs = 0;
  #untilSample: number;

  /** `suspects`: who looks into a unit's queries, if anybody does. */
  constructor(
    options: Pick<Options, 'traceSample' | 'user'>,
    send: (trace: KeptTrace) => void,
    suspects?: Suspects,
  ) {
    this.#suspects = suspects;
    this.#userOf = createUserOf(options.user);
    this.#sampleOneIn = options.traceSample;
    this.#untilSample = options.traceSample;
    this.#send = send;
  }

  /**
   * The last of a unit, which is closed and whose records are published: its spans are copied if it is kept,
   * and whatever comes of that, it lets go of all it holds. `series` is that of its duration, `statusCode` 0
   * where there is no response; `limits` are those of its route or operation.
   */
  finish(
    unit: Unit,
    series: number,
    durationUs: number,
    statusCode: number,
    isError: boolean,
    limits: TraceLimits,
  ): void {
    try {
      unit.series = series;
      const isKept = this.#offer(unit, series, durationUs, statusCode, isError, limits);
      this.#suspects?.look(unit, series, durationUs, isKept ? unit.trace : undefined);
    } finally {
      unit.release();
    }
  }

  #offer(
    unit: Unit,
    series: number,
    durationUs: number,
    statusCode: number,
    isError: boolean,
    limits: TraceLimits,
  ): boolean {
    const reason = this.#reasonFor(unit, durationUs, isError, limits);
    if (reason === undefined || !this.#takeToken()) return false;
    this.#send(toTrace(unit, this.#userOf(unit), reason, series, durationUs, statusCode));
    return true;
  }

  #reasonFor(
    unit: Unit,
    durationUs: number,
    isError: boolean,
    { slowUs, queriesMax }: TraceLimits,
  ): TraceReason | undefined {
    if (isError) return 'error';
    if (durationUs > slowUs) return 'slow';
    if (unit.queries > queriesMax) return 'queries';
    if (this.#sampleOneIn === 0) return undefined;
    this.#untilSample -= 1;
    if (this.#untilSample > 0) return undefined;
    this.#untilSample = this.#sampleOneIn;
    return 'sample';
  }

  #takeToken(): boolean {
    const atMs = nowMs();
    const gained = ((atMs - this.#refilledMs) / 1000) * KEPT_PER_SECOND;
    this.#tokens = Math.min(KEPT_AT_ONCE, this.#tokens + gained);
    this.#refilledMs = atMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

function toTrace(
  unit: Unit,
  user: string | undefined,
  reason: TraceReason,
  series: number,
  durationUs: number,
  statusCode: number,
): KeptTrace {
  const { traceId, spanId, parentId } = traceIdsOf(unit);
  return {
    reason,
    series,
    timeMs: wallTimeMs(unit.startMs),
    startMs: unit.startMs,
    durationUs,
    statusCode,
    queries: unit.queries,
    queryBusyUs: Math.round(unit.queryBusyMs * 1000),
    middlewareUs: Math.round(unit.middlewareMs * 1000),
    clientCalls: unit.clientCalls,
    cacheHits: unit.cacheHits,
    cacheMisses: unit.cacheMisses,
    spans: unit.spans?.copy() ?? NO_SPANS,
    omitted: (unit.spans?.omitted ?? 0) + unit.spansLost,
    traceId,
    spanId,
    parentId,
    user,
  };
}
