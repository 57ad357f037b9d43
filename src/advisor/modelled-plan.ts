/**
 * A plan with costs, for databases that tell how they read tables and not what that costs: in the units of
 * estimate.ts. Pure.
 */
import type { ScanKind } from './advice.js';
import type { Plan, Scan } from './plan.js';
import { equalShare } from './selectivity.js';
import type { TableUse } from './statement/table-uses.js';

/** One table as the database reads it, in the order in which it does. */
export interface Access {
  /** As the plan names the table: by its alias in the statement. */
  readonly alias: string;
  /** `whole_index`: an index from end to end, for its order or because it is smaller than the table. */
  readonly kind: ScanKind | 'whole_index';
  readonly index: string | undefined;
}

const PAGE = 1;
const ROW = 0.0125;
/** Of a row that is found by an index: its page at random. */
const FOUND_ROW = 4;
/** What a range with two ends leaves, as PostgreSQL has it. */
const CLOSED_RANGE_SHARE = 0.005;
const SORTED_ROW = 0.05;

/** Accesses of what is no table of the statement (a subquery, a temporary table) are left out. */
export function modelledPlan(
  accesses: readonly Access[],
  uses: readonly TableUse[],
  isSorted: boolean,
): Plan {
  const left = [...uses];
  const scans: Scan[] = [];
  let outerRows = 1;
  for (const { alias, kind: read, index } of accesses) {
    const at = left.findIndex((use) => use.alias === alias || use.table.name === alias);
    if (at < 0) continue;
    const [use] = left.splice(at, 1);
    const { table } = use!;
    const rows = Math.max(1, table.rows * shareOf(use!));
    const kind = kindOf(read, use!);
    const isWhole = kind === 'table_scan';
    // Whole tables are joined by a buffer or hash: once. By an index once for each row so far, mostly by its key.
    const isLookup = !isWhole && scans.length > 0 && use!.joins.size > 0;
    const loops = isLookup ? outerRows : 1;
    const found = isLookup ? FOUND_ROW : rows * FOUND_ROW;
    const cost = isWhole ? table.pages * PAGE + table.rows * ROW : found;
    scans.push({ kind, table: table.name, index, cost, rows, loops });
    outerRows = Math.max(outerRows, isLookup ? 1 : rows);
  }
  const readCost = scans.reduce((sum, { cost, loops }) => sum + cost * loops, 0);
  const sorted = Math.max(1, ...scans.map(({ rows }) => rows));
  const sortCost = isSorted ? sorted * SORTED_ROW * Math.log2(sorted + 1) : 0;
  return { cost: readCost + sortCost, scans, sortCost };
}

/** A whole index that is read for what conditions leave of it is as good as the table; for its order it is not. */
function kindOf(kind: Access['kind'], use: TableUse): ScanKind {
  if (kind !== 'whole_index') return kind;
  const { equals, nulls, ranges, joins, alternatives, wrapped } = use;
  const conditions = [equals, nulls, ranges, joins, alternatives].map(({ size }) => size);
  const isAsked = wrapped.length > 0 || conditions.some((size) => size > 0);
  return isAsked ? 'table_scan' : 'index_scan';
}

function shareOf({ table, equals, nulls, closedRanges }: TableUse): number {
  return equalShare(table, [...equals, ...nulls]) * CLOSED_RANGE_SHARE ** closedRanges.size;
}
