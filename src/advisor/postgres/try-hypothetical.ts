/**
 * Which of several indexes a statement's plan gains most from, as the planner itself sees it by HypoPG: all are tried
 * at once, then without what is not needed. Bound: 6 plans a statement.
 */
import type { Candidate } from '../candidates.js';
import type { Plan } from '../plan.js';
import { ALIKE, type Better, COST_SHARE_MAX } from '../try-estimated.js';
import type { Prepared } from './explain.js';
import type { Hypothetical, HypotheticalIndex } from './hypothetical.js';
import type { ReadOnly } from './postgres-session.js';

const PLANS_MAX = 6;
const CANDIDATES_MAX = 16;

export interface Trial {
  readonly transaction: ReadOnly;
  readonly explain: (transaction: ReadOnly, prepared: Prepared) => Promise<Plan>;
  readonly prepared: Prepared;
  readonly before: Plan;
}

/** Undefined when no index makes the plan enough cheaper. */
export async function tryHypothetical(
  { transaction, explain, prepared, before }: Trial,
  hypothetical: Hypothetical,
  candidates: readonly Candidate[],
): Promise<Better | undefined> {
  let plans = 0;
  const tried = async (some: readonly Candidate[]): Promise<Better> => {
    plans += 1;
    return hypothetical.withIndexes(transaction, some, async (indexes) => {
      const plan = await explain(transaction, prepared);
      return { cost: plan.cost, indexes: usedIn(plan, indexes), plan };
    });
  };
  let best = await tried(candidates.slice(0, CANDIDATES_MAX));
  for (let i = 0; i < best.indexes.length && plans < PLANS_MAX; ) {
    const smaller = await firstAlike(best, smallerThan(best, i), tried, () => plans < PLANS_MAX);
    if (smaller === undefined) i += 1;
    else best = smaller;
  }
  const isBetter = best.indexes.length > 0 && best.cost <= before.cost * COST_SHARE_MAX;
  return isBetter ? best : undefined;
}

/** Without the index at `at`, or with its last column left out. */
function smallerThan({ indexes }: Better, at: number): Candidate[][] {
  const all = indexes.map(({ candidate }) => candidate);
  const variants: Candidate[][] = [];
  if (all.length > 1) variants.push(all.filter((_, i) => i !== at));
  const one = all[at]!;
  if (one.columns.length > 1) {
    const columns = one.columns.slice(0, -1);
    const shorter = { ...one, columns, equalCount: Math.min(one.equalCount, columns.length) };
    variants.push(all.with(at, shorter));
  }
  return variants;
}

async function firstAlike(
  best: Better,
  variants: readonly (readonly Candidate[])[],
  tried: (some: readonly Candidate[]) => Promise<Better>,
  mayTry: () => boolean,
): Promise<Better | undefined> {
  for (const variant of variants) {
    if (!mayTry()) return undefined;
    const other = await tried(variant);
    if (other.cost <= best.cost * ALIKE && other.indexes.length > 0) return other;
  }
  return undefined;
}

function usedIn({ scans }: Plan, indexes: readonly HypotheticalIndex[]): HypotheticalIndex[] {
  return indexes.filter(({ name }) => scans.some(({ index }) => index === name));
}
