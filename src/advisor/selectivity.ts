/**
 * Which share of a table's rows conditions leave, by statistics of its columns; of values that are not known
 * the average is taken, as generic plans do. Pure.
 */
import type { Table } from './catalogue.js';

/** Of a column without statistics: no advice is built on it. */
const UNKNOWN_SHARE = 1;

/** Of the rows, those that agree in all of `columns`; columns are taken to be independent. */
export function equalShare(table: Table, columns: readonly string[]): number {
  const share = columns.reduce((product, name) => product * shareOfColumn(table, name), 1);
  return Math.max(share, 1 / Math.max(1, table.rows));
}

/** The columns with the most different values first. */
export function mostSelective(table: Table, names: Iterable<string>): string[] {
  const distinctOf = (name: string): number => table.columns.get(name)?.distinct ?? 0;
  return [...names].sort((a, b) => distinctOf(b) - distinctOf(a));
}

function shareOfColumn(table: Table, name: string): number {
  const column = table.columns.get(name);
  if (column?.distinct == null) return UNKNOWN_SHARE;
  return (1 - column.nullShare) / Math.max(1, column.distinct);
}
