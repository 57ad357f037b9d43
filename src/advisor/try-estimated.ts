/**
 * Which indexes a plan gains most from, as estimated: one after the other, each time that of which the estimate
 * expects most. Pure.
 */
import type { Candidate } from './candidates.js';
import { planWith } from './estimate.js';
import type { Plan } from './plan.js';
import type { TableUse } from './statement/table-uses.js';

/** Indexes that together make a plan cheaper. */
export interface Better {
  readonly cost: number;
  readonly indexes: readonly {
    readonly candidate: Candidate;
    readonly bytes: number | undefined;
  }[];
  /** As evidence: how the tables are read then. */
  readonly plan: Plan;
}

/** An index is worth its keep when the plan costs at most this share of what it did. */
export const COST_SHARE_MAX = 0.5;
/** A smaller index is preferred when the plan costs no more than this, of that with the larger. */
export const ALIKE = 1.1;

export type Uses = readonly { readonly use: TableUse; readonly candidates: readonly Candidate[] }[];

/** Undefined when no index makes the plan enough cheaper. */
export function tryEstimated(before: Plan, uses: Uses): Better | undefined {
  let plan = before;
  let left = uses;
  const indexes: Better['indexes'][number][] = [];
  for (let next = cheapest(plan, left); next !== undefined; next = cheapest(plan, left)) {
    const { candidate, use, plan: cheaper } = next;
    if (cheaper.cost * ALIKE > plan.cost) break;
    plan = cheaper;
    // A statement may read a table twice; each time it is by conditions of its own.
    left = left.filter((one) => one.use !== use);
    indexes.push({ candidate, bytes: undefined });
  }
  const isBetter = indexes.length > 0 && plan.cost <= before.cost * COST_SHARE_MAX;
  return isBetter ? { cost: plan.cost, indexes, plan } : undefined;
}

interface Next {
  readonly candidate: Candidate;
  readonly use: TableUse;
  readonly plan: Plan;
}

/** By which side a join begins is a guess: what is asked of the table itself comes first. */
const joinRank = ({ candidate }: Next): number => (candidate.end === 'join' ? 1 : 0);

/** Of those that cost about the least, the one with the fewest columns. */
function cheapest(plan: Plan, uses: Uses): Next | undefined {
  const all = uses.flatMap(({ use, candidates }) =>
    candidates.flatMap((candidate): Next[] => {
      const made = planWith(candidate, use, plan);
      return made === undefined ? [] : [{ candidate, use, plan: made }];
    }),
  );
  const least = Math.min(...all.map((next) => next.plan.cost));
  const [best] = all
    .filter((next) => next.plan.cost <= least * ALIKE)
    .sort(
      (a, b) =>
        joinRank(a) - joinRank(b) ||
        a.candidate.columns.length - b.candidate.columns.length ||
        a.plan.cost - b.plan.cost,
    );
  return best;
}
