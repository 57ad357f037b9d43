/**
 * Which of several indexes a statement's plan gains most from: all are tried at once, then without what is not
 * needed. With HypoPG the planner itself decides, without it the estimate does. Bound: 6 plans a statement.
 */
import type { Candidate } from '../candidates.js';
import type { TableUse } from '../statement/table-uses.js';
import { planWith } from './estimate.js';
import type { Prepared } from './explain.js';
import type { Hypothetical, HypotheticalIndex } from './hypothetical.js';
import type { PostgresPlan } from './plan.js';
import type { ReadOnly } from './postgres-session.js';

/** Indexes that together make a plan cheaper. */
export interface Better {
  readonly cost: number;
  readonly indexes: readonly {
    readonly candidate: Candidate;
    readonly bytes: number | undefined;
  }[];
  /** As evidence: how the tables are read then. */
  readonly plan: PostgresPlan | undefined;
}

/** An index is worth its keep when the plan costs at most this share of what it did. */
export const COST_SHARE_MAX = 0.5;
/** A smaller index is preferred when the plan costs no more than this, of that with the larger. */
const ALIKE = 1.1;
const PLANS_MAX = 6;
const CANDIDATES_MAX = 16;

export interface Trial {
  readonly transaction: ReadOnly;
  readonly explain: (transaction: ReadOnly, prepared: Prepared) => Promise<PostgresPlan>;
  readonly prepared: Prepared;
  readonly before: PostgresPlan;
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

function usedIn(
  { scans }: PostgresPlan,
  indexes: readonly HypotheticalIndex[],
): HypotheticalIndex[] {
  return indexes.filter(({ name }) => scans.some(({ index }) => index === name));
}

type Uses = readonly { readonly use: TableUse; readonly candidates: readonly Candidate[] }[];

/** Without HypoPG: one index after the other, each time that of which the estimate expects most. */
export function tryEstimated(before: PostgresPlan, uses: Uses): Better | undefined {
  let plan = before;
  const indexes: Better['indexes'][number][] = [];
  for (let next = cheapest(plan, uses); next !== undefined; next = cheapest(plan, uses)) {
    if (next.plan.cost * ALIKE > plan.cost) break;
    plan = next.plan;
    indexes.push({ candidate: next.candidate, bytes: undefined });
  }
  const isBetter = indexes.length > 0 && plan.cost <= before.cost * COST_SHARE_MAX;
  return isBetter ? { cost: plan.cost, indexes, plan: undefined } : undefined;
}

/** Of those that cost about the least, the one with the fewest columns. Each takes a table scan away, so they end. */
function cheapest(
  plan: PostgresPlan,
  uses: Uses,
): { readonly candidate: Candidate; readonly plan: PostgresPlan } | undefined {
  const all = uses.flatMap(({ use, candidates }) =>
    candidates.flatMap((candidate) => {
      const made = planWith(candidate, use, plan);
      return made === undefined ? [] : [{ candidate, plan: made }];
    }),
  );
  const least = Math.min(...all.map(({ plan: { cost } }) => cost));
  const [best] = all
    .filter(({ plan: { cost } }) => cost <= least * ALIKE)
    .sort(
      (a, b) =>
        a.candidate.columns.length - b.candidate.columns.length || a.plan.cost - b.plan.cost,
    );
  return best;
}
