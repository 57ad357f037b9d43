/**
 * How many different values columns have, where the database keeps no statistics of them: counted by the database
 * in a few thousand rows of both ends of a table. Only counts leave it, never a value. Each column is sampled once a
 * run; bounds: 4,000 rows and 12 columns a statement.
 */
import type { Column, Table } from './catalogue.js';
import { quoteName } from './quote-name.js';
import type { TableUse } from './statement/table-uses.js';

/** Counts of one sample, by the names that `sampleSql` gives them; undefined when there was no way to take it. */
export type TakeSample = (sql: string) => Promise<Readonly<Record<string, unknown>> | undefined>;

export interface Sampling {
  readonly take: TakeSample;
  readonly quote: '"' | '`';
  /** By what the ends of a table are told: its key. Empty where it has none. */
  readonly orderOf: (table: Table) => readonly string[];
}

const END_ROWS = 2000;
const COLUMNS_MAX = 12;
/** Halvings: more than a double tells apart. */
const STEPS = 40;

/** Gives uses of tables with what samples say of their columns. */
export function createStatistics(sampling: Sampling): (use: TableUse) => Promise<TableUse> {
  const known = new Map<string, Table>();
  return async (use) => {
    const table = known.get(use.table.sqlName) ?? use.table;
    const wanted = columnsOf(use)
      .filter((name) => table.columns.get(name)?.distinct === null)
      .slice(0, COLUMNS_MAX);
    if (wanted.length === 0) return { ...use, table };
    const counts = await sampling.take(sampleSql(table, wanted, sampling));
    const sampled = { ...table, columns: withCounts(table, wanted, counts) };
    known.set(table.sqlName, sampled);
    return { ...use, table: sampled };
  };
}

function columnsOf(use: TableUse): string[] {
  const { equals, nulls, ranges, joins, alternatives, orderBy } = use;
  return [...new Set([...equals, ...joins, ...alternatives, ...nulls, ...ranges, ...orderBy])];
}

function sampleSql(table: Table, names: readonly string[], { quote, orderOf }: Sampling): string {
  const columns = names.map((name) => quoteName(table.columns.get(name)!.name, quote));
  const renamed = columns.map((column, i) => `${column} AS c${i}`).join(', ');
  const end = (direction: string): string => {
    const keys = orderOf(table).map((name) => `${name} ${direction}`);
    const order = keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`;
    return `SELECT * FROM (SELECT ${renamed} FROM ${table.sqlName}${order} LIMIT ${END_ROWS}) AS e`;
  };
  const counts = columns.map((_, i) => `COUNT(DISTINCT c${i}) AS d${i}, COUNT(c${i}) AS n${i}`);
  return `SELECT COUNT(*) AS n, ${counts.join(', ')} FROM (${end('ASC')} UNION ALL ${end('DESC')}) AS s`;
}

function withCounts(
  table: Table,
  names: readonly string[],
  counts: Readonly<Record<string, unknown>> | undefined,
): ReadonlyMap<string, Column> {
  const columns = new Map(table.columns);
  const rows = Number(counts?.n ?? 0);
  names.forEach((name, i) => {
    const column = columns.get(name)!;
    const filled = Number(counts?.[`n${i}`] ?? 0);
    const distinct = rows === 0 ? 1 : distinctIn(Number(counts?.[`d${i}`]), filled, table.rows);
    const nullShare = rows === 0 ? 0 : 1 - filled / rows;
    columns.set(name, { ...column, distinct, nullShare });
  });
  return columns;
}

/**
 * Different values in all rows, of which a sample of `size` has `seen`: as many as would, evenly spread, show that many
 * (`seen = D (1 - exp(-size / D))`, solved by halving).
 */
export function distinctIn(seen: number, size: number, rows: number): number {
  if (seen >= size) return Math.max(1, rows);
  let low = Math.max(1, seen);
  let high = Math.max(low, rows);
  for (let i = 0; i < STEPS; i++) {
    const middle = Math.sqrt(low * high);
    if (middle * (1 - Math.exp(-size / middle)) < seen) low = middle;
    else high = middle;
  }
  return Math.round(low);
}
