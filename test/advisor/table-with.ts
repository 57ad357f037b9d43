/** A table of the advisor's catalogue, for tests of what is decided from it. */
import type { Column, Table } from '../../src/advisor/catalogue.js';

/**
 * @param columns their numbers of different values; the largest is that of the rows
 * @param nullShares of the columns that have any nulls
 */
export function tableWith(
  name: string,
  columns: Readonly<Record<string, number>>,
  nullShares: Readonly<Record<string, number>> = {},
): Table {
  const rows = Math.max(...Object.values(columns));
  const columnOf = ([column, distinct]: [string, number]): [string, Column] => {
    const type = column === 'doc' ? 'jsonb' : 'bigint';
    const nullShare = nullShares[column] ?? 0;
    const shares = { nullShare, commonestShare: null, correlation: 0 };
    return [column, { name: column, type, distinct, ...shares }];
  };
  return {
    schema: 'public',
    name,
    shownName: name,
    sqlName: name,
    rows,
    pages: Math.ceil(rows / 100),
    columns: new Map(Object.entries(columns).map(columnOf)),
    indexes: [],
    foreignKeys: [],
    writes: null,
  };
}
