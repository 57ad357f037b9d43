/**
 * Everything that the queries of one unit show. In production what a repetition costs has to be worth the
 * change; elsewhere there is no traffic by which to tell. Pure; runs in the agent's worker.
 */
import { type Detected, unionUs } from './detected.js';
import { idleTransactions } from './idle-transactions.js';
import type { SuspectUnit } from './query-run.js';
import { repeatedQueries } from './repeated-queries.js';
import { singleQueries } from './single-queries.js';

export interface Thresholds {
  readonly slowQueryUs: number;
  /** With more a unit is chatty. */
  readonly queriesMax: number;
  readonly isProduction: boolean;
}

/** What a repetition costs of one unit in production, at least. */
const COST_US_MIN = 20_000;
const COST_SHARE_MIN = 0.1;

export function detectFindings(unit: SuspectUnit, thresholds: Thresholds): Detected[] {
  const isWorth = ({ totalUs }: Detected): boolean =>
    !thresholds.isProduction || totalUs >= Math.max(COST_US_MIN, unit.durationUs * COST_SHARE_MIN);
  const repeated = repeatedQueries(unit);
  const others = [...singleQueries(unit, thresholds.slowQueryUs), ...idleTransactions(unit)];
  const found = [...repeated.filter(isWorth), ...others];
  if (repeated.length > 0 || others.length > 0) return found;
  return unit.queries > thresholds.queriesMax ? [chatty(unit)].filter(isWorth) : [];
}

/** Many queries, and none of them stands out. */
function chatty({ runs, all, queries }: SuspectUnit): Detected {
  const totalUs = unionUs(all);
  return {
    kind: 'chatty_request',
    system: runs[0]?.system ?? '',
    query: '',
    parentQuery: undefined,
    calls: queries,
    totalUs,
    wastedUs: totalUs / 2,
    rows: 0,
    errorType: undefined,
    confidence: 'medium',
    wanted: undefined,
  };
}
