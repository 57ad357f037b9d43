/** Plans one statement, and tries which indexes it would gain from, in a transaction of its own. */
import type { QueryPlan } from '../advice.js';
import { candidatesOf } from '../candidates.js';
import { castAdvice } from '../cast-advice.js';
import type { FindTable } from '../catalogue.js';
import type { Seen } from '../look-at-all.js';
import { type Plan, scanKindsOf } from '../plan.js';
import type { Plannable } from '../statement/plannable.js';
import { type TableUse, tableUsesOf } from '../statement/table-uses.js';
import { type Better, tryEstimated } from '../try-estimated.js';
import { isWorthTrying, wantedOf } from '../wanted-indexes.js';
import { type Prepared, preparedOf } from './explain.js';
import type { Hypothetical } from './hypothetical.js';
import type { PostgresSession, ReadOnly } from './postgres-session.js';
import { type Trial, tryHypothetical } from './try-hypothetical.js';

/** What a run has for all its statements. */
export interface Look {
  readonly session: PostgresSession;
  readonly explain: (transaction: ReadOnly, prepared: Prepared) => Promise<Plan>;
  readonly hypothetical: Hypothetical | undefined;
  readonly find: FindTable;
  readonly rowsMin: number;
}

export function lookAtStatement(
  look: Look,
  { text, tokens }: Plannable,
  totalSeconds: number,
): Promise<Seen> {
  const { session, explain, find, rowsMin, hypothetical } = look;
  const prepared = preparedOf(tokens);
  return session.readOnly(async (transaction) => {
    const before = await explain(transaction, prepared);
    const plan: QueryPlan = { text, scans: scanKindsOf(before), cost: before.cost };
    const uses = tableUsesOf(tokens, find);
    const isReadWhole = (table: string): boolean =>
      before.scans.some((scan) => scan.kind === 'table_scan' && scan.table === table);
    const casts = castAdvice(uses, isReadWhole, { text, database: session.database, rowsMin });
    if (!isWorthTrying(before)) return { plan, wanted: [], casts };
    const better = await betterOf(look, { transaction, explain, prepared, before }, uses);
    if (better === undefined) return { plan, wanted: [], casts };
    const planned = { text, totalSeconds, before };
    return { plan, wanted: wantedOf(better, planned, hypothetical !== undefined), casts };
  });
}

async function betterOf(
  { hypothetical, rowsMin }: Look,
  trial: Trial,
  uses: readonly TableUse[],
): Promise<Better | undefined> {
  const withCandidates = uses
    .map((use) => ({ use, candidates: candidatesOf(use, rowsMin) }))
    .filter(({ candidates }) => candidates.length > 0);
  if (withCandidates.length === 0) return undefined;
  if (hypothetical === undefined) return tryEstimated(trial.before, withCandidates);
  const all = withCandidates.flatMap(({ candidates }) => candidates);
  return tryHypothetical(trial, hypothetical, all);
}
