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
/** The way down the index, once its pages are in memory. */
const DESCENT = 0.4;
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
  const joined: Joined[] = [];
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
    const isLookup = !isWhole && scans.length > 0 && joinsBy(use!, index);
    const loops = isLookup ? outerRows : 1;
    const found = isLookup ? lookupCost(table.pages, loops) : rows * FOUND_ROW;
    const cost = isWhole ? table.pages * PAGE + table.rows * ROW : found;
    scans.push({ kind, table: table.name, index, cost, rows, loops, join: undefined });
    joined.push({ use: use!, rows });
    outerRows = Math.max(outerRows, isLookup ? 1 : rows);
  }
  const readCost = scans.reduce((sum, { cost, loops }) => sum + cost * loops, 0);
  const sorted = joinedRows(joined);
  const sortCost = isSorted ? sorted * SORTED_ROW * Math.log2(sorted + 1) : 0;
  return { cost: readCost + sortCost, scans, sortCost };
}

/** Of one of many: a page that was read before is there still. */
function lookupCost(pages: number, loops: number): number {
  return DESCENT + (FOUND_ROW * Math.min(pages, loops)) / loops;
}

/** Whether an index finds the rows of a table by another one's. */
function joinsBy({ table, joins }: TableUse, index: string | undefined): boolean {
  const columns = table.indexes.find(({ name }) => name === index)?.columns ?? [...joins];
  return columns.some((name) => joins.has(name));
}

interface Joined {
  readonly use: TableUse;
  /** That its own conditions leave. */
  readonly rows: number;
}

/**
 * What is sorted: of the table with the fewest rows each finds those of the next that agree in the join's column, at most
 * as many as the largest has. Of several such columns the one with the fewest values is taken.
 */
function joinedRows(joined: readonly Joined[]): number {
  const [first, ...others] = [...joined].sort((a, b) => a.rows - b.rows);
  if (first === undefined) return 1;
  const found = others.reduce((product, { use: { table, joins }, rows }) => {
    const shares = [...joins].map((name) => equalShare(table, [name]));
    return product * Math.max(1, rows * (shares.length === 0 ? 1 : Math.max(...shares)));
  }, first.rows);
  return Math.max(1, Math.min(found, others.at(-1)?.rows ?? first.rows));
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
  return equalShare(table, [...equals, ...nulls], nulls) * CLOSED_RANGE_SHARE ** closedRanges.size;
}
