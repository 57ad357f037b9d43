/**
 * What of a metric the budgets read, so that what several of them want is read once: by which names they group it, and
 * whether by its percentiles. Pure.
 */
import { attributesOf } from '../../shared/budget-groups.js';
import { BUDGETS } from '../../shared/budgets.js';

/** Metrics that a budget judges by a percentile: of others no buckets are read. */
export const BY_PERCENTILE: ReadonlySet<string> = new Set(
  BUDGETS.flatMap(({ source, statistic }) =>
    typeof source !== 'string' && statistic.startsWith('p') ? [source.metric] : [],
  ),
);

/** Names by which budgets group a metric: all sets of them, each in the order of the alphabet. */
const GROUPINGS: ReadonlyMap<string, readonly (readonly string[])[]> = groupings();

function groupings(): Map<string, (readonly string[])[]> {
  const sets = new Map<string, (readonly string[])[]>();
  for (const { source } of BUDGETS) {
    if (typeof source === 'string') continue;
    const names = attributesOf(source).sort();
    const known = sets.get(source.metric) ?? [];
    if (!known.some((other) => isSame(other, names))) sets.set(source.metric, [...known, names]);
  }
  return sets;
}

export interface Groupings {
  readonly finest: readonly string[];
  readonly also: readonly (readonly string[])[];
}

/**
 * What is read once for `group` and the others that the metric has: the largest set, and those within it. `group` alone, where
 * it is none of them.
 */
export function groupingsOf(metric: string, group: readonly string[]): Groupings {
  const sets = GROUPINGS.get(metric) ?? [];
  const finest = [...sets].sort((a, b) => b.length - a.length)[0] ?? [];
  const also = sets.filter(
    (names) => names !== finest && names.every((name) => finest.includes(name)),
  );
  const isKnown = [finest, ...also].some((names) => isSame(names, group));
  return isKnown ? { finest, also } : { finest: group, also: [] };
}

export function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
