/** Plans one statement, and tries which indexes it would gain from, in a transaction of its own. */
import type { Advice, QueryPlan } from '../advice.js';
import { candidatesOf } from '../candidates.js';
import { castAdvice } from '../cast-advice.js';
import type { FindTable, Table } from '../catalogue.js';
import type { Wanted } from '../merged-advice.js';
import type { Plannable } from '../statement/plannable.js';
import { type TableUse, tableUsesOf } from '../statement/table-uses.js';
import { count } from '../table-care.js';
import { type Prepared, preparedOf } from './explain.js';
import type { Hypothetical } from './hypothetical.js';
import { type PostgresPlan, scanKindsOf } from './plan.js';
import type { PostgresSession, ReadOnly } from './postgres-session.js';
import { type Better, tryEstimated, tryHypothetical } from './try-indexes.js';

/** What a run has for all its statements. */
export interface Look {
  readonly session: PostgresSession;
  readonly explain: (transaction: ReadOnly, prepared: Prepared) => Promise<PostgresPlan>;
  readonly hypothetical: Hypothetical | undefined;
  readonly find: FindTable;
  readonly rowsMin: number;
}

export interface Seen {
  readonly plan: QueryPlan;
  readonly wanted: readonly Wanted[];
  readonly casts: readonly Advice[];
}

/** Plans that cost less are quick enough: some 100 pages. */
const COST_MIN = 100;

export function lookAtStatement(
  look: Look,
  { text, tokens }: Plannable,
  totalSeconds: number,
): Promise<Seen> {
  const { session, explain, find, rowsMin } = look;
  const prepared = preparedOf(tokens);
  return session.readOnly(async (transaction) => {
    const before = await explain(transaction, prepared);
    const plan: QueryPlan = { text, scans: scanKindsOf(before), cost: before.cost };
    const uses = tableUsesOf(tokens, find);
    const isReadWhole = (table: string): boolean =>
      before.scans.some((scan) => scan.kind === 'table_scan' && scan.table === table);
    const casts = castAdvice(uses, isReadWhole, { text, database: session.database, rowsMin });
    if (before.cost < COST_MIN) return { plan, wanted: [], casts };
    const better = await betterOf(look, { transaction, explain, prepared, before }, uses);
    const wanted = better === undefined ? [] : wantedOf(better, before, text, totalSeconds);
    return { plan, wanted, casts };
  });
}

async function betterOf(
  { hypothetical, rowsMin }: Look,
  trial: Parameters<typeof tryHypothetical>[0],
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

function wantedOf(
  { cost, indexes, plan }: Better,
  before: PostgresPlan,
  text: string,
  totalSeconds: number,
): Wanted[] {
  return indexes.map(({ candidate: { table, columns }, bytes }) => ({
    table,
    columns,
    bytes,
    text,
    totalSeconds,
    costBefore: before.cost,
    costAfter: cost,
    confidence: plan === undefined ? 'medium' : 'high',
    evidence: [
      `plan today: ${scansText(before)}, cost ${count(before.cost)}`,
      plan === undefined
        ? `estimated with the index: cost ${count(cost)}, from the statistics of the columns`
        : `plan with the index made hypothetically: ${scansText(plan)}, cost ${count(cost)}`,
      `${table.shownName} has about ${count(table.rows)} rows`,
      ...othersOf(indexes, table, columns),
    ],
  }));
}

/** An index that gains as much only together with others says so. */
function othersOf(indexes: Better['indexes'], table: Table, columns: readonly string[]): string[] {
  const others = indexes.filter(
    (one) => one.candidate.table !== table || one.candidate.columns !== columns,
  );
  const names = others.map(
    ({ candidate }) => `${candidate.table.shownName} (${candidate.columns.join(', ')})`,
  );
  return names.length === 0 ? [] : [`the gain is that of all together: also ${names.join(', ')}`];
}

const SHOWN_MAX = 4;

function scansText({ scans }: PostgresPlan): string {
  const shown = scans.slice(0, SHOWN_MAX).map(({ kind, table, index }) => {
    if (kind === 'table_scan') return `${table} read whole`;
    // HypoPG's names begin with the object id in angle brackets.
    return index?.startsWith('<') ? `${table} by a new index` : `${table} by ${index}`;
  });
  return shown.length === 0 ? 'no table is read' : shown.join(', ');
}
