/**
 * A copy of a SQLite file's schema and statistics in memory, without a row, where indexes can be tried: the planner
 * sees the same tables, and as many rows as the statistics say.
 */
import type { Candidate } from '../candidates.js';
import { indexSql, SQLITE_SQL } from '../index-sql.js';
import { equalShare } from '../selectivity.js';
import type { Row, Sqlite } from './open-sqlite.js';
import type { SqliteTable } from './read-tables.js';

export interface SchemaCopy {
  /** What EXPLAIN QUERY PLAN says, its lines in order. */
  plan(sql: string): string[];
  /** Those of `candidates` that the planner would use, if they all were there. */
  usedBy(sql: string, candidates: readonly Candidate[]): Candidate[];
}

const OBJECTS_MAX = 5000;

/** Each trial has a copy of its own: one with indexes that come and go would be locked by its own statements. */
export function copySchema(
  file: Sqlite,
  openMemory: () => Sqlite,
  tables: readonly SqliteTable[],
): SchemaCopy {
  const ddl = file
    .all(
      `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      AND type IN ('table', 'index', 'view') ORDER BY type = 'table' DESC, type = 'index' DESC LIMIT ${OBJECTS_MAX}`,
    )
    .map(({ sql }) => String(sql));
  const known = statistics(file);
  const counted = new Set(known.map(({ tbl }) => String(tbl)));
  const uncounted = tables.filter(({ shownName }) => !counted.has(shownName));
  function inCopy<Result>(
    candidates: readonly Candidate[],
    work: (memory: Sqlite) => Result,
  ): Result {
    const memory = openMemory();
    try {
      for (const sql of ddl) tryExec(memory, sql);
      // Makes the table of statistics, empty as the copy is.
      memory.exec('ANALYZE');
      for (const { tbl, idx, stat } of known) insertStatistic(memory, tbl, idx, stat);
      for (const { shownName, rows } of uncounted) {
        insertStatistic(memory, shownName, null, String(rows));
      }
      candidates.forEach((candidate, i) => {
        addIndex(memory, candidate, i);
      });
      memory.exec('ANALYZE sqlite_schema');
      return work(memory);
    } finally {
      memory.close();
    }
  }
  return {
    plan: (sql) => inCopy([], (memory) => linesOf(memory, sql)),
    usedBy: (sql, candidates) =>
      inCopy(candidates, (memory) => {
        const lines = linesOf(memory, sql);
        return candidates.filter((_, i) =>
          lines.some((line) => line.includes(` ${triedName(i)} `)),
        );
      }),
  };
}

const triedName = (number: number): string => `tachograph_try_${number}`;

function addIndex(memory: Sqlite, { table, columns }: Candidate, number: number): void {
  const name = triedName(number);
  const ddl = indexSql(table, columns, SQLITE_SQL);
  memory.exec(ddl.replace(/^CREATE INDEX .*? ON /, `CREATE INDEX ${name} ON `));
  // Rows, and how many of them agree in the first column, in the first two …
  const agreeing = columns.map((_, i) =>
    Math.max(1, Math.round(table.rows * equalShare(table, columns.slice(0, i + 1)))),
  );
  insertStatistic(memory, table.shownName, name, [Math.round(table.rows), ...agreeing].join(' '));
}

function linesOf(memory: Sqlite, sql: string): string[] {
  return memory.all(`EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => `${detail} `);
}

function statistics(file: Sqlite): readonly Row[] {
  const [has] = file.all("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'");
  return has === undefined ? [] : file.all('SELECT tbl, idx, stat FROM sqlite_stat1');
}

function insertStatistic(memory: Sqlite, table: unknown, index: unknown, stat: unknown): void {
  const values = [table, index, stat].map((value) =>
    value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`,
  );
  memory.exec(`INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (${values.join(', ')})`);
}

/** What needs a module or a function that is not here is left out: the statements that use it are not planned. */
function tryExec(memory: Sqlite, sql: string): void {
  try {
    memory.exec(sql);
  } catch {
    // Nothing of it was made.
  }
}
