/** How PostgreSQL keeps its tables: statistics that were never gathered, and rows that are dead. Pure. */
import { type Advice, adviceOf } from '../advice.js';
import { count } from '../table-care.js';
import type { PostgresTable } from './read-tables.js';

/** Dead rows of all: twice what autovacuum lets be by default. */
const DEAD_SHARE_MAX = 0.4;

export function keepingOf(
  tables: readonly PostgresTable[],
  database: string,
  rowsMin: number,
): Advice[] {
  return tables.flatMap((table) => [
    ...neverAnalysed(table, database, rowsMin),
    ...bloated(table, database, rowsMin),
  ]);
}

function neverAnalysed(table: PostgresTable, database: string, rowsMin: number): Advice[] {
  // Of a table that was never counted either, its pages tell that it is no small one.
  const isLarge = table.rows >= rowsMin || table.pages >= rowsMin / 100;
  if (table.isAnalysed || !isLarge) return [];
  return [
    adviceOf({
      kind: 'never_analysed',
      database,
      table: table.shownName,
      query: null,
      ddl: `ANALYZE ${table.sqlName};`,
      gain: null,
      confidence: 'high',
      evidence: [
        `there are no statistics of its ${count(table.rows)} rows: the planner guesses how many a condition leaves`,
      ],
      writeCost: null,
    }),
  ];
}

function bloated(table: PostgresTable, database: string, rowsMin: number): Advice[] {
  const { deadRows, rows } = table;
  const share = deadRows / Math.max(1, deadRows + rows);
  if (deadRows < rowsMin || share < DEAD_SHARE_MAX) return [];
  return [
    adviceOf({
      kind: 'bloat',
      database,
      table: table.shownName,
      query: null,
      ddl: `VACUUM (ANALYZE) ${table.sqlName};`,
      gain: null,
      confidence: 'medium',
      evidence: [
        `about ${count(deadRows)} dead rows beside ${count(rows)} live ones (${Math.round(share * 100)} %)`,
        'autovacuum does not keep up, or a long transaction holds it back',
      ],
      writeCost: null,
    }),
  ];
}
