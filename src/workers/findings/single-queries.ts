/**
 * What a query shows by itself: that it is slow, reads without a bound, reads whole rows that are many, waited
 * for a lock or was the victim of a deadlock. Pure; runs in the agent's worker.
 */
import { isDeadlock, isOfLock } from '../../shared/lock-errors.js';
import type { FindingKind } from '../../transport/finding-event.js';
import { groupedBy } from '../grouped-by.js';
import type { Detected } from './detected.js';
import type { QueryRun, SuspectUnit } from './query-run.js';

/** Rows of a statement without a bound, and of one that reads every column. */
const UNBOUNDED_ROWS_MIN = 1000;
const WIDE_ROWS_MIN = 500;
/** Rows that a page would have: of what is above them the time is wasted. */
const PAGE_ROWS = 100;
/** Of a read of whole rows: what is not needed. An assumption, so its confidence is not high. */
const WIDE_SHARE = 0.5;
/** Those have budgets of their own; no plan makes a commit faster. */
const NOT_SLOW: ReadonlySet<string> = new Set(['ddl', 'commit', 'transaction']);

export function singleQueries({ runs }: SuspectUnit, slowUs: number): Detected[] {
  const found: Detected[] = [];
  const byKind = groupedBy(runs, (run) => kindsOf(run, slowUs).join());
  for (const [kinds, group] of byKind) {
    if (kinds === '') continue;
    for (const kind of kinds.split(',') as FindingKind[]) {
      const byText = groupedBy(group, ({ system, text }) => `${system}\0${text}`);
      for (const alike of byText.values()) found.push(detected(kind, alike, slowUs));
    }
  }
  return found;
}

function kindsOf(run: QueryRun, slowUs: number): FindingKind[] {
  const { errorType, queryClass, rows, shape } = run;
  if (errorType !== undefined && isOfLock(errorType)) {
    return [isDeadlock(errorType) ? 'deadlock' : 'lock_wait'];
  }
  const kinds: FindingKind[] = [];
  if (run.endUs - run.startUs > slowUs && !NOT_SLOW.has(queryClass)) kinds.push('slow_query');
  if (queryClass !== 'simple' && queryClass !== 'complex') return kinds;
  const isUnbounded = !shape.isBounded && !shape.isOneRow && !shape.hasList;
  if (isUnbounded && rows >= UNBOUNDED_ROWS_MIN) kinds.push('unbounded_read');
  else if (shape.isStar && rows >= WIDE_ROWS_MIN) kinds.push('wide_rows');
  return kinds;
}

function detected(kind: FindingKind, runs: readonly QueryRun[], slowUs: number): Detected {
  const { series, system, text: query } = runs[0]!;
  return {
    kind,
    system,
    query,
    parentQuery: undefined,
    calls: runs.length,
    totalUs: runs.reduce((sum, { startUs, endUs }) => sum + endUs - startUs, 0),
    wastedUs: runs.reduce((sum, run) => sum + wastedUs(kind, run, slowUs), 0),
    rows: runs.reduce((sum, { rows }) => sum + Math.max(0, rows), 0),
    errorType: runs.find(({ errorType }) => errorType !== undefined)?.errorType,
    confidence: kind === 'wide_rows' ? 'medium' : 'high',
    wanted: { series, call: 1 },
  };
}

function wastedUs(kind: FindingKind, { startUs, endUs, rows }: QueryRun, slowUs: number): number {
  const durationUs = endUs - startUs;
  switch (kind) {
    case 'slow_query':
      return durationUs - slowUs;
    case 'unbounded_read':
      return durationUs * (1 - PAGE_ROWS / rows);
    case 'wide_rows':
      return durationUs * WIDE_SHARE;
    default:
      return durationUs;
  }
}
