/** Units as a thread would tell of them, in a notation of one line a query. */
import { NO_QUERY, valuesWord } from '../../../src/shared/query-values.js';
import { described } from '../../../src/sql/described.js';
import { statementShape } from '../../../src/sql/statement-shape.js';
import { detectFindings } from '../../../src/workers/findings/detect-findings.js';
import type { Detected } from '../../../src/workers/findings/detected.js';
import type { AnyRun, QueryRun, SuspectUnit } from '../../../src/workers/findings/query-run.js';

export interface Asked {
  readonly sql: string;
  /** What it is called with, as one text; undefined when nobody knows. */
  readonly values?: string | undefined;
  readonly valueCount?: number;
  readonly rows?: number;
  readonly ms?: number;
  /** Waits that go before it. */
  readonly afterMs?: number;
  readonly error?: string;
  readonly system?: string;
  readonly series?: number;
}

/** Queries one after the other, each 1 ms and with 1 row unless it says so. */
export function inTurn(asked: readonly Asked[]): QueryRun[] {
  let atMs = 0;
  return asked.map((one) => {
    atMs += one.afterMs ?? 0;
    const run = runOf(one, atMs);
    atMs += one.ms ?? 1;
    return run;
  });
}

/** Queries that all begin at the same time. */
export function atOnce(asked: readonly Asked[], atMs = 0): QueryRun[] {
  return asked.map((one) => runOf(one, atMs));
}

/** As many calls of one statement, each with values of its own. */
export function each(count: number, sql: string, more: Partial<Asked> = {}): Asked[] {
  return Array.from({ length: count }, (_, i) => ({ sql, values: `${i}`, ...more }));
}

function runOf(
  {
    sql,
    values,
    valueCount = 1,
    rows = 1,
    ms = 1,
    error,
    system = 'postgresql',
    series = 1,
  }: Asked,
  atMs: number,
): QueryRun {
  const { text, verb = '', table, queryClass } = described(system, sql);
  return {
    series,
    system,
    text,
    verb,
    table,
    queryClass,
    errorType: error,
    shape: statementShape(system, sql),
    startUs: atMs * 1000,
    endUs: (atMs + ms) * 1000,
    rows,
    values: values === undefined ? valuesWord(0, valueCount) : wordOf(values, valueCount),
  };
}

function wordOf(values: string, count: number): number {
  let hash = 7;
  for (const char of values) hash = Math.imul(hash ^ char.charCodeAt(0), 0x9e3779b1);
  const word = valuesWord(hash, count);
  if (word === NO_QUERY) throw new Error('expected the word of a query');
  return word;
}

export function unitOf(runs: readonly QueryRun[], more: Partial<SuspectUnit> = {}): SuspectUnit {
  const inOrder = [...runs].sort((a, b) => a.startUs - b.startUs);
  return {
    attributes: [],
    timeMs: 0,
    durationUs: Math.max(0, ...runs.map(({ endUs }) => endUs)),
    queries: runs.length,
    weight: 1,
    traceId: undefined,
    runs: inOrder,
    all: inOrder,
    ...more,
  };
}

/** The same unit, when the statements of which `isOther` are past the limit. */
export function pastLimit(unit: SuspectUnit, isOther: (run: QueryRun) => boolean): SuspectUnit {
  const bare = ({ queryClass, errorType, startUs, endUs }: QueryRun): AnyRun => ({
    text: undefined,
    table: undefined,
    queryClass,
    errorType,
    startUs,
    endUs,
  });
  return {
    ...unit,
    runs: unit.runs.filter((run) => !isOther(run)),
    all: unit.runs.map((run) => (isOther(run) ? bare(run) : run)),
  };
}

export function found(runs: readonly QueryRun[], isProduction = false): Detected[] {
  return detectFindings(unitOf(runs), { slowQueryUs: 100_000, queriesMax: 20, isProduction });
}
