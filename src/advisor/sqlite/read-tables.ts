/**
 * Tables of a SQLite file, with columns, indexes and foreign keys. Rows by sqlite_stat1; else few are counted, and
 * many told by their smallest and largest rowid, which is no count and near enough. Names are in lower case, as SQLite
 * compares them. Bound: 1,000 tables.
 */
import type { Column, ForeignKey, Index, Table } from '../catalogue.js';
import { quoteName } from '../quote-name.js';
import type { Row, Sqlite } from './open-sqlite.js';

const TABLES_MAX = 1000;
/** Rows are counted so far; of tables without a rowid, further. */
const FEW = 10_000;
const COUNT_MAX = 1_000_000;
/** What a row takes of the file, at least: rowids may lie as far apart as there are numbers. */
const ROW_BYTES_MIN = 16;
/** Rows of 8 KiB, as most are. */
const PAGE_ROWS = 80;

export interface SqliteTable extends Table {
  readonly hasRowid: boolean;
}

export function readTables(file: Sqlite): SqliteTable[] {
  const tables = file.all(
    `SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name LIMIT ${TABLES_MAX}`,
  );
  const counted = countedRows(file);
  return tables.map(({ name, sql }) => {
    const table = String(name);
    const quoted = quoteName(table);
    const hasRowid = !/without\s+rowid/i.test(String(sql));
    const rows = counted.get(table) ?? estimatedRows(file, quoted, hasRowid);
    return {
      schema: '',
      name: table.toLowerCase(),
      shownName: table,
      sqlName: quoted,
      rows,
      pages: Math.ceil(rows / PAGE_ROWS),
      columns: new Map(
        file.all(`SELECT name, type FROM pragma_table_info(${text(table)})`).map(columnOf),
      ),
      indexes: indexesOf(file, table, hasRowid),
      foreignKeys: foreignKeysOf(file, table),
      writes: null,
      hasRowid,
    };
  });
}

/** Of the statistics of ANALYZE: the first number is that of the rows. */
function countedRows(file: Sqlite): ReadonlyMap<string, number> {
  const [has] = file.all("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'");
  if (has === undefined) return new Map();
  const rows = file.all('SELECT tbl, stat FROM sqlite_stat1 WHERE stat IS NOT NULL');
  return new Map(rows.map(({ tbl, stat }) => [String(tbl), Number.parseInt(String(stat), 10)]));
}

function estimatedRows(file: Sqlite, quoted: string, hasRowid: boolean): number {
  const numberOf = (sql: string): number => Number(file.all(sql)[0]?.n ?? 0);
  const limit = hasRowid ? FEW : COUNT_MAX;
  const counted = numberOf(`SELECT count(*) AS n FROM (SELECT 1 FROM ${quoted} LIMIT ${limit})`);
  if (counted < limit || !hasRowid) return counted;
  // A rowid may be larger than a number of JavaScript is exact, which node:sqlite refuses to give.
  const apart = numberOf(
    `SELECT (SELECT max(rowid) FROM ${quoted}) - (SELECT min(rowid) FROM ${quoted}) + 1.0 AS n`,
  );
  const bytes = numberOf(
    'SELECT page_count * page_size AS n FROM pragma_page_count, pragma_page_size',
  );
  return Math.max(FEW, Math.floor(Math.min(apart, bytes / ROW_BYTES_MIN)));
}

function columnOf({ name, type }: Row): [string, Column] {
  const column: Column = {
    name: String(name),
    type: String(type).toLowerCase(),
    distinct: null,
    nullShare: 0,
    commonestShare: null,
    correlation: 0,
  };
  return [column.name.toLowerCase(), column];
}

function indexesOf(file: Sqlite, table: string, hasRowid: boolean): Index[] {
  const listed = file.all(
    `SELECT name, "unique", origin, partial FROM pragma_index_list(${text(table)})`,
  );
  const indexes = listed.map(({ name, unique, origin, partial }): Index => {
    const parts = file.all(
      `SELECT name, "desc", coll FROM pragma_index_xinfo(${text(String(name))}) WHERE key = 1 ORDER BY seqno`,
    );
    return {
      name: String(name),
      columns: parts.map((part) => String(part.name ?? '').toLowerCase()),
      isUnique: Number(unique) === 1,
      isConstraint: origin !== 'c',
      isOrdinary: Number(partial) === 0,
      keys: parts.map(({ name: column, desc, coll }) =>
        column === null ? '' : `${String(column).toLowerCase()} ${desc} ${coll}`,
      ),
      bytes: 0,
      scans: null,
    };
  });
  const rowid = hasRowid ? rowidColumn(file, table) : undefined;
  if (rowid === undefined) return indexes;
  // An integer primary key is the rowid, and has no index of its own.
  const shape = { columns: [rowid], keys: [`${rowid} 0 BINARY`], bytes: 0, scans: null };
  return [
    { name: 'rowid', isUnique: true, isConstraint: true, isOrdinary: true, ...shape },
    ...indexes,
  ];
}

function rowidColumn(file: Sqlite, table: string): string | undefined {
  const keys = file.all(`SELECT name, type FROM pragma_table_info(${text(table)}) WHERE pk > 0`);
  const [key] = keys;
  const isRowid = keys.length === 1 && /^integer$/i.test(String(key!.type));
  return isRowid ? String(key!.name).toLowerCase() : undefined;
}

function foreignKeysOf(file: Sqlite, table: string): ForeignKey[] {
  const rows = file.all(
    `SELECT id, "table" AS referenced, "from" AS col FROM pragma_foreign_key_list(${text(table)}) ORDER BY id, seq`,
  );
  const ids = [...new Set(rows.map(({ id }) => id))];
  return ids.map((id) => {
    const parts = rows.filter((row) => row.id === id);
    const columns = parts.map(({ col }) => String(col).toLowerCase());
    const referenced = String(parts[0]!.referenced);
    return { name: `foreign key (${columns.join(', ')})`, columns, referenced };
  });
}

/** A name of the schema as a string of SQL. */
function text(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}
