/**
 * Advice about tables and their indexes that needs no statement: indexes that nothing reads, that another one
 * has already, foreign keys without one. Pure, for every database. What enforces something is never
 * advised away.
 */
import { formatItems } from '../shared/format-items.js';
import { type Advice, adviceOf } from './advice.js';
import { beginsWith, type Index, isCovered, type Table } from './catalogue.js';
import { indexSql, type SqlDialect } from './index-sql.js';

export interface CareOptions {
  readonly database: string;
  readonly dialect: SqlDialect;
  readonly rowsMin: number;
  /** For how long reads of indexes were counted; undefined when not long enough to judge by. */
  readonly countedDays: number | undefined;
}

/** Of tables that have fewer rows than `rowsMin` only duplicates are told. */
export function careOf(tables: readonly Table[], options: CareOptions): Advice[] {
  return tables.flatMap((table) => {
    const duplicates = duplicatesOf(table);
    const doomed = new Set(duplicates.map(({ index }) => index.name));
    return [
      ...duplicates.map((duplicate) => duplicateAdvice(table, duplicate, options)),
      ...unusedAdvice(table, doomed, options),
      ...foreignKeyAdvice(table, options),
    ];
  });
}

interface Duplicate {
  readonly index: Index;
  readonly by: Index;
}

function duplicatesOf({ indexes }: Table): Duplicate[] {
  return indexes.flatMap((index) => {
    if (index.isConstraint || index.isUnique || !index.isOrdinary) return [];
    // Of two expressions it is not known whether they are the same.
    if (index.keys.includes('')) return [];
    const by = indexes.find((other) => {
      if (other === index || !other.isOrdinary || !beginsWith(other.keys, index.keys)) return false;
      if (other.keys.length > index.keys.length) return true;
      // Of two that are the same one stays: what enforces something, else the first by name.
      const isKept = other.isConstraint || other.isUnique;
      return isKept || other.name < index.name;
    });
    return by === undefined ? [] : [{ index, by }];
  });
}

function duplicateAdvice(
  table: Table,
  { index, by }: Duplicate,
  { database, dialect }: CareOptions,
): Advice {
  const isSame = index.keys.length === by.keys.length;
  return adviceOf({
    kind: 'duplicate_index',
    database,
    table: table.shownName,
    query: null,
    ddl: dialect.dropIndex(table, index.name),
    gain: null,
    confidence: 'high',
    evidence: [
      isSame
        ? `${index.name} and ${by.name} have the same columns: ${index.columns.join(', ')}`
        : `${by.name} (${by.columns.join(', ')}) begins with the columns of ${index.name} (${index.columns.join(', ')})`,
      ...sizeOf(index),
    ],
    writeCost: null,
  });
}

function unusedAdvice(
  table: Table,
  doomed: ReadonlySet<string>,
  { database, dialect, rowsMin, countedDays }: CareOptions,
): Advice[] {
  if (countedDays === undefined || table.rows < rowsMin) return [];
  const gone = new Set(doomed);
  const unused = table.indexes.filter((index) => {
    const { name, scans, isUnique, isConstraint } = index;
    const isIdle = scans === 0 && !isUnique && !isConstraint && !gone.has(name);
    if (!isIdle || isForKey(table, index, gone)) return false;
    gone.add(name);
    return true;
  });
  return unused.map((index) =>
    adviceOf({
      kind: 'unused_index',
      database,
      table: table.shownName,
      query: null,
      ddl: dialect.dropIndex(table, index.name),
      gain: null,
      confidence: 'medium',
      evidence: [
        `${index.name} (${index.columns.join(', ')}) was not read once in ${Math.floor(countedDays)} days here; ` +
          'a replica, or a job that runs more rarely, may need it',
        ...sizeOf(index),
      ],
      writeCost: null,
    }),
  );
}

function foreignKeyAdvice(table: Table, { database, dialect, rowsMin }: CareOptions): Advice[] {
  if (table.rows < rowsMin) return [];
  const bare = table.foreignKeys.filter(({ columns }) => !isServed(table, columns));
  return bare.map(({ name, columns, referenced }) =>
    adviceOf({
      kind: 'foreign_key_without_index',
      database,
      table: table.shownName,
      query: null,
      ddl: indexSql(table, columns, dialect),
      gain: null,
      confidence: 'high',
      evidence: [
        `${name}: each DELETE from ${referenced}, and each UPDATE of its key, reads ${table.shownName} whole ` +
          `(about ${count(table.rows)} rows)`,
      ],
      writeCost: writeCostOf(table),
    }),
  );
}

/** Without it, and those that are `gone`, a foreign key would have none, which is advised against. */
function isForKey(
  { indexes, foreignKeys }: Table,
  index: Index,
  gone: ReadonlySet<string>,
): boolean {
  const others = indexes.filter((other) => other !== index && !gone.has(other.name));
  return foreignKeys.some(
    ({ columns }) =>
      isServed({ indexes: [index] }, columns) && !isServed({ indexes: others }, columns),
  );
}

/** A row that refers to another is in an index of those that refer to any. */
function isServed({ indexes }: Pick<Table, 'indexes'>, columns: readonly string[]): boolean {
  const usable = indexes.map((index) => {
    const isOfFilled = index.filled !== undefined && columns.includes(index.filled);
    return isOfFilled ? { ...index, isOrdinary: true } : index;
  });
  return isCovered({ indexes: usable }, columns, []);
}

function sizeOf({ bytes }: Index): string[] {
  return bytes > 0 ? [`it takes ${mebibytes(bytes)}`] : [];
}

/** What one more index costs whoever writes. */
export function writeCostOf({ indexes, writes }: Table, bytes?: number): string {
  const size = bytes === undefined ? [] : [`about ${mebibytes(bytes)} of disk`];
  const written =
    writes === null
      ? []
      : [
          `${count(writes.inserted)} rows were inserted and ${count(writes.updated)} updated so far`,
        ];
  const today = `the table has ${formatItems(indexes.length, 'index', 'indexes')} today`;
  return [
    ...size,
    'one more entry for each row inserted, or updated in these columns',
    today,
    ...written,
  ].join('; ');
}

/** A number of rows as people read it. */
export function count(rows: number): string {
  return Math.round(rows).toLocaleString('en-US');
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
