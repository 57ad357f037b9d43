/**
 * Tables of the database, with columns, indexes and foreign keys, from information_schema; how often indexes were
 * read from performance_schema, where that counts and may be read. Only what the user may see. Names are in lower
 * case, as MySQL compares those of columns. Bound: the 1,000 largest tables.
 */
import type { Column, ForeignKey, Index, Table } from '../catalogue.js';
import { quoteName } from '../quote-name.js';
import type { MysqlSession, Row } from './mysql-session.js';

const TABLES_MAX = 1000;
/** Of InnoDB. TEXT has more, whatever is in it: without a length the server refuses it. */
const KEY_OCTETS_MAX = 3072;

const TABLES = `SELECT table_name AS name, table_rows AS row_count, data_length AS bytes
FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
ORDER BY data_length DESC LIMIT ${TABLES_MAX}`;
const COLUMNS = `SELECT table_name AS tab, column_name AS name, column_type AS type,
  character_octet_length AS octets
FROM information_schema.columns WHERE table_schema = DATABASE()`;
const INDEXES = `SELECT table_name AS tab, index_name AS name, non_unique AS many, column_name AS col,
  sub_part AS part, collation AS direction, index_type AS type
FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index`;
const FOREIGN_KEYS = `SELECT table_name AS tab, constraint_name AS name, column_name AS col,
  referenced_table_name AS referenced
FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL
ORDER BY table_name, constraint_name, ordinal_position`;
const READS = `SELECT object_name AS tab, index_name AS name, count_read AS scans
FROM performance_schema.table_io_waits_summary_by_index_usage
WHERE object_schema = DATABASE() AND index_name IS NOT NULL AND @@performance_schema = 1`;

export async function readTables(session: MysqlSession): Promise<Table[]> {
  const tables = await session.readOnly(TABLES);
  const [columns, indexes, keys] = [
    byTable(await session.readOnly(COLUMNS)),
    byTable(await session.readOnly(INDEXES)),
    byTable(await session.readOnly(FOREIGN_KEYS)),
  ];
  // Without the right, or the table, nothing is known of use.
  const reads = byTable(await session.readOnly(READS).catch(() => []));
  return tables.map(({ name, row_count, bytes }) => {
    const table = String(name);
    const foreignKeys = foreignKeysOf(keys.get(table) ?? []);
    return {
      schema: '',
      name: table.toLowerCase(),
      shownName: table,
      sqlName: quoteName(table, '`'),
      rows: Number(row_count ?? 0),
      pages: Math.ceil(Number(bytes ?? 0) / 8192),
      columns: new Map((columns.get(table) ?? []).map(columnOf)),
      indexes: indexesOf(indexes.get(table) ?? [], reads.get(table), foreignKeys),
      foreignKeys,
      writes: null,
    };
  });
}

function byTable(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = String(row.tab);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function columnOf({ name, type, octets }: Row): [string, Column] {
  const column: Column = {
    name: String(name),
    type: String(type).toLowerCase(),
    isTooLong: Number(octets ?? 0) > KEY_OCTETS_MAX,
    distinct: null,
    nullShare: 0,
    commonestShare: null,
    correlation: 0,
  };
  return [column.name.toLowerCase(), column];
}

function indexesOf(
  rows: readonly Row[],
  reads: readonly Row[] | undefined,
  foreignKeys: readonly ForeignKey[],
): Index[] {
  const names = [...new Set(rows.map(({ name }) => String(name)))];
  return names.map((name) => {
    const parts = rows.filter((row) => row.name === name);
    const columns = parts.map(({ col, part }) => (part === null ? lower(col) : ''));
    const isUnique = Number(parts[0]!.many) === 0;
    const scans = reads?.find((row) => row.name === name)?.scans;
    return {
      name,
      columns,
      isUnique,
      // InnoDB needs one for each foreign key.
      isConstraint:
        isUnique || foreignKeys.some((key) => key.columns.every((one, i) => columns[i] === one)),
      isOrdinary: parts[0]!.type === 'BTREE',
      keys: parts.map(({ col, part, direction, type }) =>
        col === null ? '' : `${lower(col)} ${part} ${direction} ${type}`,
      ),
      bytes: 0,
      scans: scans === undefined ? null : Number(scans),
    };
  });
}

function foreignKeysOf(rows: readonly Row[]): ForeignKey[] {
  const names = [...new Set(rows.map(({ name }) => String(name)))];
  return names.map((name) => {
    const parts = rows.filter((row) => row.name === name);
    return {
      name,
      columns: parts.map(({ col }) => lower(col)),
      referenced: String(parts[0]!.referenced),
    };
  });
}

function lower(name: unknown): string {
  return String(name ?? '').toLowerCase();
}
