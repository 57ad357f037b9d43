/**
 * Tables, indexes and foreign keys from PostgreSQL's catalogue, and columns with their statistics for the
 * tables that are asked for. Only what the role may see. Bounds: the 1,000 largest tables. Of statistics
 * the shares are read, never the values. Indexes and foreign keys that a partition has of its table are that one's to
 * change: such an index cannot be dropped, and counts as a constraint.
 */
import type { Column, ForeignKey, Index, Table } from '../catalogue.js';
import { quoteName } from '../quote-name.js';
import type { ReadOnly, Row } from './postgres-session.js';

/** A table with what PostgreSQL knows about its keeping. */
export interface PostgresTable extends Table {
  readonly isReadable: boolean;
  readonly isAnalysed: boolean;
  readonly deadRows: number;
  readonly reads: number;
}

const TABLES_MAX = 1000;

const TABLES = `
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.reltuples::float8 AS rows, c.relpages AS pages,
  pg_table_is_visible(c.oid) AS visible, has_table_privilege(c.oid, 'SELECT') AS readable,
  coalesce(s.n_live_tup, 0)::float8 AS live, coalesce(s.n_dead_tup, 0)::float8 AS dead,
  coalesce(s.seq_scan, 0)::float8 + coalesce(s.idx_scan, 0)::float8 AS reads,
  s.last_analyze IS NOT NULL OR s.last_autoanalyze IS NOT NULL AS analysed,
  s.n_tup_ins::float8 AS inserted, s.n_tup_upd::float8 AS updated, s.n_tup_del::float8 AS deleted
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.relkind IN ('r', 'm') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY pg_table_is_visible(c.oid) DESC, c.relpages DESC, c.oid LIMIT ${TABLES_MAX}`;

const INDEXES = `
SELECT i.indrelid AS table, c.relname AS name, i.indisunique AS unique, am.amname AS method,
  i.indisvalid AND i.indisready AND am.amname = 'btree' AS usable, i.indpred IS NOT NULL AS partial,
  substring(pg_get_expr(i.indpred, i.indrelid) FROM '^\\("?(\\w+)"? IS NOT NULL\\)$') AS filled,
  i.indisprimary OR i.indisexclusion OR i.indisreplident
    OR EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
    OR EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid) AS constraint,
  c.relpages::float8 * current_setting('block_size')::int AS bytes, s.idx_scan::float8 AS scans,
  i.indnatts > i.indnkeyatts AS includes,
  (SELECT json_agg(json_build_array(coalesce(a.attname, ''), concat_ws(' ', i.indclass[k.at - 1],
      i.indcollation[k.at - 1], i.indoption[k.at - 1])) ORDER BY k.at)
    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, at)
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0
    WHERE k.at <= i.indnkeyatts) AS columns
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_stat_user_indexes s ON s.indexrelid = i.indexrelid
WHERE i.indrelid = ANY ($1::oid[]) ORDER BY c.relname`;

const FOREIGN_KEYS = `
SELECT k.conrelid AS table, k.conname AS name, r.relname AS referenced,
  (SELECT json_agg(a.attname ORDER BY u.at) FROM unnest(k.conkey) WITH ORDINALITY AS u (number, at)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number) AS columns
FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid
WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid = ANY ($1::oid[]) ORDER BY k.conname`;

const COLUMNS = `
SELECT a.attrelid AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type,
  s.null_frac::float8 AS nulls, s.n_distinct::float8 AS distinct, s.correlation::float8 AS correlation,
  s.most_common_freqs[1]::float8 AS commonest
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
  AND NOT s.inherited
WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped`;

/** All tables, those whose name the statements find without a schema first. */
export async function readTables({ query }: ReadOnly): Promise<PostgresTable[]> {
  const tables = await query(TABLES);
  const oids = [tables.map(({ oid }) => oid)];
  const indexes = await query(INDEXES, oids);
  const keys = await query(FOREIGN_KEYS, oids);
  const columns = await query(COLUMNS, oids);
  const [indexesOf, keysOf, columnsOf] = [byTable(indexes), byTable(keys), byTable(columns)];
  return tables.map((row) => {
    const { oid, schema, name, visible } = row;
    const rows = Number(row.rows) < 0 ? Number(row.live) : Number(row.rows);
    const sqlName = [...(visible ? [] : [String(schema)]), String(name)].map((part) =>
      quoteName(part),
    );
    return {
      schema: String(schema),
      name: String(name),
      shownName: visible ? String(name) : `${schema}.${name}`,
      sqlName: sqlName.join('.'),
      rows,
      pages: Number(row.pages),
      columns: new Map(
        (columnsOf.get(oid) ?? []).map((one) => [String(one.name), columnOf(one, rows)]),
      ),
      indexes: (indexesOf.get(oid) ?? []).map(indexOf),
      foreignKeys: (keysOf.get(oid) ?? []).map(foreignKeyOf),
      writes: writesOf(row),
      isReadable: row.readable === true,
      isAnalysed: row.analysed === true || Number(row.rows) >= 0,
      deadRows: Number(row.dead),
      reads: Number(row.reads),
    };
  });
}

function byTable(rows: readonly Row[]): ReadonlyMap<unknown, Row[]> {
  const groups = new Map<unknown, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.table);
    if (group === undefined) groups.set(row.table, [row]);
    else group.push(row);
  }
  return groups;
}

function columnOf(
  { name, type, nulls, distinct, correlation, commonest }: Row,
  rows: number,
): Column {
  const count = Number(distinct);
  return {
    name: String(name),
    type: String(type).toLowerCase(),
    // Negative: a share of the rows.
    distinct: distinct === null ? null : Math.max(1, count < 0 ? -count * rows : count),
    nullShare: Number(nulls ?? 0),
    commonestShare: commonest === null ? null : Number(commonest),
    correlation: Number(correlation ?? 0),
  };
}

function indexOf(row: Row): Index {
  const columns = (row.columns ?? []) as [name: string, order: string][];
  // What an index includes besides its keys, another with the same keys does not have.
  const included = row.includes === true ? ' includes more' : '';
  return {
    name: String(row.name),
    columns: columns.map(([name]) => name),
    isUnique: row.unique === true,
    isConstraint: row.constraint === true,
    isOrdinary: row.usable === true && row.partial !== true,
    ...(row.usable === true && row.filled !== null && { filled: String(row.filled) }),
    keys: columns.map(([name, order]) => (name === '' ? '' : `${name} ${order}${included}`)),
    bytes: Number(row.bytes),
    scans: row.scans === null ? null : Number(row.scans),
  };
}

function foreignKeyOf({ name, columns, referenced }: Row): ForeignKey {
  return { name: String(name), columns: columns as string[], referenced: String(referenced) };
}

function writesOf({ inserted, updated, deleted }: Row): Table['writes'] {
  if (inserted === null) return null;
  return { inserted: Number(inserted), updated: Number(updated), deleted: Number(deleted) };
}
