/**
 * Which share of a table's rows conditions leave, by statistics of its columns; of values that are not known
 * the average is taken, as generic plans do. Pure.
 */
import type { Table } from './catalogue.js';

/** Of a column without statistics: no advice is built on it. */
const UNKNOWN_SHARE = 1;
const NONE: ReadonlySet<string> = new Set();

/**
 * Of the rows, those that agree with a value in all of `columns`; columns are taken to be independent. `nulls`: those
 * of which the rows are asked for that have none, which are often most (`deleted_at IS NULL`).
 */
export function equalShare(
  table: Table,
  columns: readonly string[],
  nulls: ReadonlySet<string> = NONE,
): number {
  const share = columns.reduce(
    (product, name) => product * shareOfColumn(table, name, nulls.has(name)),
    1,
  );
  return Math.max(share, 1 / Math.max(1, table.rows));
}

/** The columns with the most different values first; one of `nulls` is as selective as its nulls are rare. */
export function mostSelective(
  table: Table,
  names: Iterable<string>,
  nulls: ReadonlySet<string> = NONE,
): string[] {
  const distinctOf = (name: string): number =>
    nulls.has(name)
      ? 1 / equalShare(table, [name], nulls)
      : (table.columns.get(name)?.distinct ?? 0);
  return [...names].sort((a, b) => distinctOf(b) - distinctOf(a));
}

function shareOfColumn(table: Table, name: string, isNull: boolean): number {
  const column = table.columns.get(name);
  if (column?.distinct == null) return UNKNOWN_SHARE;
  // One value and no null is what a sample that could not be taken says, too.
  const isUnsampled = column.distinct <= 1 && column.nullShare === 0;
  if (isNull) return isUnsampled ? UNKNOWN_SHARE : column.nullShare;
  return (1 - column.nullShare) / Math.max(1, column.distinct);
}
