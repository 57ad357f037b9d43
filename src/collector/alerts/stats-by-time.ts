/**
 * Answers of the store as rules need them: for one time, or, when history is replayed, for every step of a
 * range. One query gives either, so both are judged by the same code. Pure but for the query; after each group of
 * steps it lets others go on.
 */
import { setImmediate } from 'node:timers/promises';
import { chooseGrid } from '../query/choose-level.js';
import type { QueryGroup } from '../query/query-request.js';
import type { ViewSource, Wanted } from '../views/view-request.js';

export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
  /** Undefined: the range as one. */
  readonly stepMs: number | undefined;
  /** Only windows of which the greater part is later. */
  readonly mostlyAfterMs?: number;
}

/** The groups of one step; each `total` is of the step. */
export interface Instant {
  /** End of the step. */
  readonly timeMs: number;
  readonly groups: readonly QueryGroup[];
}

/** An agent's longest window (TACHOGRAPH_WINDOW). */
const WINDOW_MS_MAX = 60_000;

/**
 * A time up to now, as one: with the windows that lie in it for their greater part. By their beginnings, one of a minute
 * would be out of the last minute before it has come.
 */
export function recentRange(fromMs: number, toMs: number): Range {
  const earliestMs = fromMs - WINDOW_MS_MAX / 2;
  return { fromMs: earliestMs, toMs, stepMs: undefined, mostlyAfterMs: fromMs };
}

/** Groups of a metric that are looked at; those with the largest sum. */
export const GROUPS_MAX = 1000;

/** Ascending; steps without data are left out. */
export async function instantsOf(
  { store, retention, now }: ViewSource,
  service: string | undefined,
  range: Range,
  { metric, group, where = [], limit = GROUPS_MAX }: Wanted,
): Promise<Instant[]> {
  const grid = chooseGrid(range, range.stepMs, retention, now());
  const { mostlyAfterMs } = range;
  const later = mostlyAfterMs === undefined ? {} : { mostlyAfterMs };
  const request = { metric, service, ...grid, group, where, histogram: false, limit, ...later };
  const result = await store.query(request);
  if (result === undefined || result.groups.length === 0) return [];
  const { stepMs } = grid;
  if (stepMs === undefined) return [{ timeMs: range.toMs, groups: result.groups }];
  const byTime = new Map<number, QueryGroup[]>();
  for (const { attributes, points } of result.groups) {
    await setImmediate();
    for (const point of points) {
      const groups = byTime.get(point.timeMs) ?? [];
      groups.push({ attributes, total: point, points: [] });
      byTime.set(point.timeMs, groups);
    }
  }
  return [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([timeMs, groups]) => ({ timeMs: timeMs + stepMs, groups }));
}
