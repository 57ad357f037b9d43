/**
 * What a statement would gain from, where the database's planner cannot try an index: from how it reads its tables
 * today and what samples say of the columns. For MySQL, MariaDB and SQLite.
 */
import type { QueryPlan } from './advice.js';
import { type Candidate, candidatesOf } from './candidates.js';
import { castAdvice } from './cast-advice.js';
import type { Seen } from './look-at-all.js';
import { type Access, modelledPlan } from './modelled-plan.js';
import { scanKindsOf } from './plan.js';
import type { TableUse } from './statement/table-uses.js';
import { tryEstimated } from './try-estimated.js';
import { isWorthTrying, wantedOf } from './wanted-indexes.js';

export interface EstimatedLook {
  readonly text: string;
  readonly totalSeconds: number;
  readonly database: string;
  readonly rowsMin: number;
  readonly accesses: readonly Access[];
  readonly isSorted: boolean;
  /** With their statistics. */
  readonly uses: readonly TableUse[];
  /** Whether the planner takes these indexes, where it can be asked in a copy; else it is not known. */
  readonly wouldUse?: (candidates: readonly Candidate[]) => Promise<readonly Candidate[]>;
}

export async function estimatedLook(look: EstimatedLook): Promise<Seen> {
  const { text, totalSeconds, database, rowsMin, accesses, isSorted, uses, wouldUse } = look;
  const before = modelledPlan(accesses, uses, isSorted);
  const plan: QueryPlan = { text, scans: scanKindsOf({ scans: before.scans }), cost: null };
  const isReadWhole = (table: string): boolean =>
    before.scans.some((scan) => scan.kind === 'table_scan' && scan.table === table);
  const casts = castAdvice(uses, isReadWhole, { text, database, rowsMin });
  const none: Seen = { plan, wanted: [], casts };
  if (!isWorthTrying(before)) return none;
  const withCandidates = uses.map((use) => ({ use, candidates: candidatesOf(use, rowsMin) }));
  const better = tryEstimated(before, withCandidates);
  if (better === undefined) return none;
  const planned = { text, totalSeconds, before };
  if (wouldUse === undefined) return { ...none, wanted: wantedOf(better, planned, false) };
  const used = await wouldUse(better.indexes.map(({ candidate }) => candidate));
  const indexes = better.indexes.filter(({ candidate }) => used.includes(candidate));
  return { ...none, wanted: wantedOf({ ...better, indexes }, planned, true) };
}
