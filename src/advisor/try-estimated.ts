/**
 * Which indexes a plan gains most from, as estimated: one after the other, each time that of which the estimate
 * expects most. Pure.
 */
import type { Candidate } from './candidates.js';
import { isCovered } from './catalogue.js';
import { planWith, planWithArms } from './estimate.js';
import type { Plan } from './plan.js';
import { mostSelective } from './selectivity.js';
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
    const { candidates, use, plan: cheaper } = next;
    if (cheaper.cost * ALIKE > plan.cost) break;
    plan = cheaper;
    // A statement may read a table twice; each time it is by conditions of its own.
    left = left.filter((one) => one.use !== use);
    for (const candidate of candidates) indexes.push({ candidate, bytes: undefined });
  }
  const isBetter = indexes.length > 0 && plan.cost <= before.cost * COST_SHARE_MAX;
  return isBetter ? { cost: plan.cost, indexes, plan } : undefined;
}

interface Next {
  /** Several where each arm of an OR needs one. */
  readonly candidates: readonly Candidate[];
  readonly use: TableUse;
  readonly plan: Plan;
}

/** By which side a join begins is a guess: what is asked of the table itself comes first. */
const joinRank = ({ candidates }: Next): number =>
  candidates.some(({ end }) => end === 'join') ? 1 : 0;

const columnCount = ({ candidates }: Next): number =>
  candidates.reduce((sum, { columns }) => sum + columns.length, 0);

/** Of those that cost about the least, the one with the fewest columns. */
function cheapest(plan: Plan, uses: Uses): Next | undefined {
  const all = uses.flatMap(({ use, candidates }): Next[] => [
    ...candidates.flatMap((candidate): Next[] => {
      const made = planWith(candidate, use, plan);
      return made === undefined ? [] : [{ candidates: [candidate], use, plan: made }];
    }),
    ...use.ors.flatMap((arms) => withArms(arms, use, candidates, plan) ?? []),
  ]);
  const least = Math.min(...all.map((next) => next.plan.cost));
  const [best] = all
    .filter((next) => next.plan.cost <= least * ALIKE)
    .sort(
      (a, b) =>
        joinRank(a) - joinRank(b) || columnCount(a) - columnCount(b) || a.plan.cost - b.plan.cost,
    );
  return best;
}

/** An OR is served when each of its arms has an index, of the table's or a new one. */
function withArms(
  arms: readonly (readonly string[])[],
  use: TableUse,
  candidates: readonly Candidate[],
  plan: Plan,
): Next | undefined {
  const { table } = use;
  // One for each arm: several may be on one column.
  const columns = arms.map((names) => mostSelective(table, names)[0]!);
  const wanted = [...new Set(columns)].filter((name) => !isCovered(table, [name], []));
  const found = wanted.flatMap(
    (name) => candidates.find((one) => one.columns.join() === name) ?? [],
  );
  if (found.length === 0 || found.length < wanted.length) return undefined;
  const made = planWithArms(table, columns, plan);
  return made === undefined ? undefined : { candidates: found, use, plan: made };
}
