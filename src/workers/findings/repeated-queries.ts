/**
 * Statements that one unit repeats: a query for each row of another (N+1), writes one by one, the same question
 * again, page after page. Calls side by side count as much as one after the other. Not meant are batches (lists of
 * values), retries after an error, what is read again after a write, and rows that are taken from a queue. Pure;
 * runs in the agent's worker.
 */
import { isKnown, valueCount } from '../../shared/query-values.js';
import type { Confidence, FindingKind } from '../../transport/finding-event.js';
import { groupedBy } from '../grouped-by.js';
import { type Detected, statementOf, unionUs } from './detected.js';
import { parentOf } from './parent-query.js';
import type { AnyRun, QueryRun, SuspectUnit } from './query-run.js';

/** Calls of one statement in one unit; of the same with the same values. */
export const REPEATS_MIN = 5;
export const SAME_MIN = 3;
/** Share of calls whose values are no others'. */
const DISTINCT_MIN = 0.5;
/** Values of a list with which a call is a batch. */
const LIST_MIN = 2;
/** Rows of each page with which a walk along a key is meant so. */
const PAGE_ROWS_MIN = 10;

export function repeatedQueries(unit: SuspectUnit): Detected[] {
  const groups = groupedBy(unit.runs, statementOf);
  const found: Detected[] = [];
  for (const runs of groups.values()) {
    const done = runs.filter(({ errorType }) => errorType === undefined);
    if (done.length < SAME_MIN || isBatch(done)) continue;
    const { queryClass } = done[0]!;
    const detected =
      queryClass === 'write'
        ? writes(done, unit.runs)
        : queryClass === 'simple' || queryClass === 'complex'
          ? reads(done, unit)
          : undefined;
    if (detected !== undefined) found.push(detected);
  }
  return found;
}

function writes(runs: readonly QueryRun[], all: readonly QueryRun[]): Detected | undefined {
  if (runs.length < REPEATS_MIN) return undefined;
  const isInsert = /^(?:INSERT|REPLACE|UPSERT|MERGE)$/.test(runs[0]!.verb);
  if (!isInsert) {
    const parentQuery = parentOf(runs, all);
    const confidence = parentQuery === undefined ? 'medium' : 'high';
    return repeated('n_plus_one_write', runs, REPEATS_MIN, confidence, parentQuery);
  }
  // A statement of many rows is the batch that is advised.
  if (runs.some(({ rows }) => rows > 1)) return undefined;
  const isCounted = runs.every(({ rows }) => rows >= 0);
  return repeated('single_row_writes', runs, REPEATS_MIN, isCounted ? 'high' : 'medium');
}

function reads(runs: readonly QueryRun[], unit: SuspectUnit): Detected | undefined {
  const { shape } = runs[0]!;
  if (!shape.hasFrom || shape.isLocking) return undefined;
  const known = runs.filter(({ values }) => isKnown(values));
  const distinct = new Set(known.map(({ values }) => values)).size;
  const isVaried = distinct >= known.length * DISTINCT_MIN && runs.length >= REPEATS_MIN;
  if (!isVaried && known.length > 0) {
    const again = askedAgain(known, unit.all);
    if (again.length < SAME_MIN) return undefined;
    const confidence = again.length === runs.length && distinct === 1 ? 'high' : 'medium';
    return repeated('duplicate_query', again, SAME_MIN, confidence);
  }
  if (runs.length < REPEATS_MIN) return undefined;
  const pages = pagesOf(runs);
  if (pages === 'meant') return undefined;
  if (pages === 'loop') return repeated('pagination_loop', runs, REPEATS_MIN, 'high');
  const parentQuery = parentOf(runs, unit.runs);
  const isDoubtful = known.length < runs.length;
  const confidence = isDoubtful ? 'low' : parentQuery === undefined ? 'medium' : 'high';
  return repeated('n_plus_one', runs, REPEATS_MIN, confidence, parentQuery);
}

function repeated(
  kind: FindingKind,
  runs: readonly QueryRun[],
  call: number,
  confidence: Confidence,
  parentQuery?: string,
): Detected {
  const { series, system, text: query } = runs[0]!;
  const totalUs = unionUs(runs);
  return {
    kind,
    system,
    query,
    parentQuery,
    calls: runs.length,
    totalUs,
    // One call would be left.
    wastedUs: (totalUs * (runs.length - 1)) / runs.length,
    rows: runs.reduce((sum, { rows }) => sum + Math.max(0, rows), 0),
    errorType: undefined,
    confidence,
    wanted: { series, call },
  };
}

/** Each call asks for several at once. */
function isBatch(runs: readonly QueryRun[]): boolean {
  const { shape } = runs[0]!;
  if (!shape.hasList) return false;
  const values = runs.reduce((sum, run) => sum + valueCount(run.values), 0) / runs.length;
  return values - shape.scalars >= LIST_MIN;
}

/** Calls whose values came at least SAME_MIN times without a reason to ask again. */
function askedAgain(runs: readonly QueryRun[], all: readonly AnyRun[]): QueryRun[] {
  const groups = [...groupedBy(runs, ({ values }) => values).values()];
  const repeating = groups.filter((same) => same.length - excused(same, all) >= SAME_MIN);
  return repeating.flat().sort((a, b) => a.startUs - b.startUs);
}

/** How many of the same had a reason: since the one before, something failed, or was written. */
function excused(same: readonly QueryRun[], all: readonly AnyRun[]): number {
  return same.filter((run, i) => {
    const before = same[i - 1];
    if (before === undefined) return false;
    const isReason = (other: AnyRun): boolean =>
      other.errorType !== undefined || (mayWrite(other) && isSame(other.table, run.table));
    return all.some(
      (other) =>
        other.startUs >= before.startUs &&
        other.endUs >= before.endUs &&
        other.startUs <= run.startUs &&
        isReason(other),
    );
  }).length;
}

/** What is past the limit and of no class may be anything. */
function mayWrite({ queryClass, text }: AnyRun): boolean {
  return queryClass === 'write' || (queryClass === 'other' && text === undefined);
}

/** A statement whose table is not known may be about any. */
function isSame(table: string | undefined, other: string | undefined): boolean {
  return table === undefined || other === undefined || table === other;
}

/** `loop`: a walk by OFFSET, each page dearer than the one before. `meant`: a walk along a key. */
function pagesOf(runs: readonly QueryRun[]): 'loop' | 'meant' | 'none' {
  const { shape } = runs[0]!;
  if (!shape.isBounded) return 'none';
  const isSequence = runs.every(({ startUs }, i) => i === 0 || startUs >= runs[i - 1]!.endUs);
  const page = runs[0]!.rows;
  const isFull = runs.slice(0, -1).every(({ rows }) => rows === page);
  const isEnded = runs.at(-1)!.rows < page;
  if (!isSequence || !isFull || page < LIST_MIN) return 'none';
  if (shape.isPaged) return isEnded || !shape.hasEquality ? 'loop' : 'none';
  return shape.hasRange && !shape.hasEquality && page >= PAGE_ROWS_MIN ? 'meant' : 'none';
}
