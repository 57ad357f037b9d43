/**
 * The query for whose rows another is repeated: one that was over before, and has as many rows as there are
 * calls. Several calls of one statement count together, for loops lie in loops. Pure; runs in the agent's worker.
 */
import { groupedBy } from '../grouped-by.js';
import { statementOf } from './detected.js';
import type { QueryRun } from './query-run.js';

/** By how much rows and calls may differ: some rows lack what is asked for. */
const DIFFERENCE_MAX = 0.1;
/** Of starts and ends, which are told in whole µs. */
const ROUNDING_US = 2;

/** `runs` in the order of their starts, of a unit whose queries are `all`. The nearest is the parent. */
export function parentOf(runs: readonly QueryRun[], all: readonly QueryRun[]): string | undefined {
  const [first] = runs;
  if (first === undefined) return undefined;
  const repeated = statementOf(first);
  const groups = groupedBy(
    all.filter((run) => statementOf(run) !== repeated && !run.errorType && run.rows > 0),
    statementOf,
  );
  let best: { text: string; difference: number; startUs: number } | undefined;
  for (const group of groups.values()) {
    const { startUs, text } = group[0]!;
    if (group[0]!.endUs > first.startUs + ROUNDING_US || group.length >= runs.length) continue;
    const rows = group.reduce((sum, run) => sum + run.rows, 0);
    const difference = Math.abs(rows - runs.length);
    if (difference > Math.max(1, runs.length * DIFFERENCE_MAX)) continue;
    const isNearer =
      best === undefined ||
      difference < best.difference ||
      (difference === best.difference && startUs > best.startUs);
    if (isNearer) best = { text, difference, startUs };
  }
  return best?.text;
}
