/**
 * From the words of a suspect to what ran in it: queries with what is known of their statements, and other
 * calls. Words of a thread that is gone, and of series without a definition, are left out; of statements past the
 * limit it is known that they ran. Runs in the agent's worker.
 */
import {
  DB_CLIENT_OPERATION_DURATION,
  QUERY_CLASS,
  QUERY_TEXT,
} from '../../shared/database-metrics.js';
import { OTHER } from '../../shared/metric.js';
import { NO_QUERY } from '../../shared/query-values.js';
import { SPAN_OPEN_US, SPAN_WORDS, type ThreadSuspect } from '../../shared/worker-protocol.js';
import type { StatementShape } from '../../sql/statement-shape.js';
import type { Attributes, Series } from '../../transport/batch.js';
import type { StatementShapes } from './statement-shapes.js';

/** A query of which may be known no more than that it ran. Times in µs after the unit's start. */
export interface AnyRun {
  readonly text: string | undefined;
  readonly table: string | undefined;
  readonly queryClass: string;
  readonly errorType: string | undefined;
  readonly startUs: number;
  readonly endUs: number;
}

export interface QueryRun extends AnyRun {
  /** Of the thread's ring. */
  readonly series: number;
  readonly system: string;
  /** As a batch has it. */
  readonly text: string;
  readonly verb: string;
  readonly shape: StatementShape;
  /** -1 when it is not known. */
  readonly rows: number;
  /** What it was called with: src/shared/query-values.ts. */
  readonly values: number;
}

export interface SuspectUnit {
  /** Of the series of its duration; empty of queries that no unit made. */
  readonly attributes: Attributes;
  readonly timeMs: number;
  readonly durationUs: number;
  readonly queries: number;
  readonly weight: number;
  readonly traceId: string | undefined;
  /** In the order of their starts. */
  readonly runs: readonly QueryRun[];
  /** The same, and with them those of statements past the limit. */
  readonly all: readonly AnyRun[];
}

interface OtherRun extends AnyRun {
  readonly text: undefined;
}

type SeriesOf = (threadId: number, id: number) => Series | undefined;

/** Undefined when what the unit is called is not known any more. */
export function readSuspect(
  { threadId, suspect }: ThreadSuspect,
  seriesOf: SeriesOf,
  shapes: StatementShapes,
): SuspectUnit | undefined {
  const own = suspect.series === undefined ? [] : seriesOf(threadId, suspect.series)?.attributes;
  if (own === undefined) return undefined;
  const { timeMs, durationUs, queries, weight, traceId, spans } = suspect;
  const all: (QueryRun | OtherRun)[] = [];
  for (let at = 0; at + SPAN_WORDS <= spans.length; at += SPAN_WORDS) {
    const run = runAt(spans, at, (id) => seriesOf(threadId, id), shapes);
    if (run !== undefined) all.push(run);
  }
  all.sort((a, b) => a.startUs - b.startUs);
  const runs = all.filter((run) => run.text !== undefined);
  return { attributes: own, timeMs, durationUs, queries, weight, traceId, runs, all };
}

function runAt(
  spans: Int32Array,
  at: number,
  seriesOf: (id: number) => Series | undefined,
  shapes: StatementShapes,
): QueryRun | OtherRun | undefined {
  const [id, startUs, durationUs, rows, values] = spans.subarray(at, at + SPAN_WORDS);
  if (values === NO_QUERY || durationUs === SPAN_OPEN_US) return undefined;
  const series = seriesOf(id!);
  if (series?.name !== DB_CLIENT_OPERATION_DURATION.name) return undefined;
  const attributes = Object.fromEntries(series.attributes);
  const { 'db.system.name': system = '', [QUERY_TEXT]: text = OTHER } = attributes;
  const ran = {
    queryClass: attributes[QUERY_CLASS] ?? 'other',
    errorType: attributes['error.type'],
    startUs: startUs!,
    endUs: startUs! + durationUs!,
  };
  // Statements past the limit are one series.
  if (text === OTHER) return { ...ran, text: undefined, table: undefined };
  return {
    ...ran,
    series: id!,
    system,
    text,
    verb: attributes['db.operation.name'] ?? '',
    table: attributes['db.collection.name'],
    shape: shapes.of(system, text),
    rows: rows!,
    values: values!,
  };
}
