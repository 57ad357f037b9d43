/**
 * The SQL of a SELECT for EXPLAIN, with something of the right type in the place of each value: MySQL plans no
 * statement whose values are not there, and NULL would be no comparison at all. Pure.
 */
import type { Token } from '../../sql/token.js';
import type { Table } from '../catalogue.js';
import { nameOf } from '../statement/query-blocks.js';
import { type Place, renderStatement } from '../statement/render-statement.js';

/** How far before a value the column that it is compared with stands: `col BETWEEN ? AND ?`. */
const BACK_MAX = 6;
const NUMBER = '1';
const TEXT = "'x'";
const TIME = "'2026-01-01'";

export function sqlWithValues(tokens: readonly Token[], tables: readonly Table[]): string {
  return renderStatement(
    tokens,
    (place) => valueAt(place, tables),
    (_value, type) => (type.toUpperCase() === 'INTERVAL' ? `${type} 1` : `${type} ${TIME}`),
  );
}

function valueAt({ tokens, at }: Place, tables: readonly Table[]): string {
  for (let back = 1; back <= BACK_MAX; back++) {
    const name = nameOf(tokens[at - back])?.toLowerCase();
    const column = name === undefined ? undefined : columnNamed(name, tables);
    if (column !== undefined) return valueOfType(column.type);
  }
  return NUMBER;
}

function columnNamed(
  name: string,
  tables: readonly Table[],
): { readonly type: string } | undefined {
  return tables.find(({ columns }) => columns.has(name))?.columns.get(name);
}

function valueOfType(type: string): string {
  if (/date|time/.test(type)) return TIME;
  return /int|dec|numeric|float|double|bit|year|bool/.test(type) ? NUMBER : TEXT;
}
