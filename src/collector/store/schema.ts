/**
 * The tables of a data file. All levels (10 s, 1 min, 1 h, days) have the same ones, so that one
 * reader serves them all, and each file explains itself: its series and processes are in it, and
 * deleting it leaves nothing dangling.
 *
 *     processes  who sent, and what this file received from it
 *     metrics    one row per service, name and definition
 *     series     one row per metric and attributes
 *     batches    what was received (dedupe); of a 1 min file: what it took over
 *     points     the data, time first
 *     events     rare things, whole
 *     progress   of a rollup file: the last batch taken from each raw file
 *
 * Sums and counts are REAL: they are exact to 2^53 and pass it without an error.
 */
import { randomUUID } from 'node:crypto';
import { TRACE_EVENT, TRACE_ID } from '../../transport/trace-event.js';
import type { OpenSql, SqlDatabase } from './sql-driver.js';

export const SCHEMA_VERSION = 1;

/**
 * The trace id of an event, out of its attributes: `[["name","value"],…]`. Quotes of a value are escaped
 * there, so no value can look like the name. 32 digits.
 */
export const TRACE_ID_OF_EVENT: string = idAfter(`"${TRACE_ID}","`);

function idAfter(start: string): string {
  return `substr(attributes, instr(attributes, '${start}') + ${start.length}, 32)`;
}

/** The last two indexes came later: files made before do without, and are read more slowly. */
const TABLES = `
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS processes (
  id INTEGER PRIMARY KEY,
  agent TEXT NOT NULL,
  boot TEXT NOT NULL,
  service TEXT NOT NULL,
  resource TEXT NOT NULL,
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  skew_ms INTEGER NOT NULL,
  records REAL NOT NULL,
  batches INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  ledger TEXT NOT NULL,
  UNIQUE (agent, boot)
);
CREATE TABLE IF NOT EXISTS metrics (
  id INTEGER PRIMARY KEY,
  service TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  unit TEXT NOT NULL,
  scale INTEGER NOT NULL,
  UNIQUE (service, name, kind, unit, scale)
);
CREATE TABLE IF NOT EXISTS series (
  id INTEGER PRIMARY KEY,
  metric INTEGER NOT NULL,
  attributes TEXT NOT NULL,
  UNIQUE (metric, attributes)
);
CREATE TABLE IF NOT EXISTS batches (
  id INTEGER PRIMARY KEY,
  process INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  start_ms INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  records INTEGER NOT NULL,
  UNIQUE (process, sequence)
);
CREATE INDEX IF NOT EXISTS batches_by_start ON batches (start_ms, id);
CREATE TABLE IF NOT EXISTS points (
  start_ms INTEGER NOT NULL,
  metric INTEGER NOT NULL,
  series INTEGER NOT NULL,
  process INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  count REAL NOT NULL,
  sum REAL NOT NULL,
  min INTEGER NOT NULL,
  max INTEGER NOT NULL,
  last INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  payload BLOB,
  PRIMARY KEY (start_ms, metric, series, process, batch)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (
  id INTEGER PRIMARY KEY,
  time_ms INTEGER NOT NULL,
  process INTEGER NOT NULL,
  batch INTEGER NOT NULL,
  name TEXT NOT NULL,
  attributes TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS events_by_time ON events (time_ms);
CREATE INDEX IF NOT EXISTS events_by_batch ON events (batch);
CREATE INDEX IF NOT EXISTS events_by_name ON events (name, time_ms);
CREATE INDEX IF NOT EXISTS events_by_trace ON events (${TRACE_ID_OF_EVENT})
  WHERE name = '${TRACE_EVENT}';
CREATE TABLE IF NOT EXISTS progress (
  source TEXT PRIMARY KEY,
  batch INTEGER NOT NULL
) WITHOUT ROWID;
`;

/** One open data file. */
export interface DataFile {
  readonly path: string;
  /** Drawn when the file was made: a raw file made again after its deletion is another source. */
  readonly id: string;
  readonly sql: SqlDatabase;
}

/**
 * How much a commit must survive. `power`: the commit is on the disk before it returns, because an
 * agent forgets what was acknowledged. `process`: a power cut may undo the last commits, whole; a
 * rollup is made again from the raw file.
 */
export type Durability = 'power' | 'process';

/** Opens a data file, and makes it if there is none. */
export function openDataFile(openSql: OpenSql, path: string, durability: Durability): DataFile {
  const sql = openSql(path);
  try {
    sql.exec('PRAGMA journal_mode = WAL');
    sql.exec(`PRAGMA synchronous = ${durability === 'power' ? 'FULL' : 'NORMAL'}`);
    sql.exec('PRAGMA journal_size_limit = 4194304');
    sql.exec('PRAGMA cache_size = -4096');
    const version = readVersion(sql, path);
    if (version === undefined) {
      sql.transaction(() => {
        sql.exec(TABLES);
        const write = sql.prepare('INSERT OR IGNORE INTO meta VALUES (?, ?)');
        write.run(['id', randomUUID()]);
        write.run(['version', String(SCHEMA_VERSION)]);
      });
    }
    return { path, id: readMeta(sql, 'id') as string, sql };
  } catch (error) {
    sql.close();
    throw error;
  }
}

/** Opens a file for reading only. The writer's connection, in this process, has made it. */
export function openForReading(openSql: OpenSql, path: string): DataFile {
  const sql = openSql(path);
  try {
    sql.exec('PRAGMA query_only = ON');
    readVersion(sql, path);
    return { path, id: readMeta(sql, 'id') as string, sql };
  } catch (error) {
    sql.close();
    throw error;
  }
}

function readVersion(sql: SqlDatabase, path: string): number | undefined {
  const has = sql.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get([]);
  const value = has === undefined ? undefined : readMeta(sql, 'version');
  if (value === undefined) return undefined;
  if (Number(value) === SCHEMA_VERSION) return SCHEMA_VERSION;
  throw new Error(
    `${path}: expected schema version ${SCHEMA_VERSION}, got ${value}. ` +
      'It was written by another version of tachograph: use that version, or another data folder.',
  );
}

function readMeta(sql: SqlDatabase, name: string): string | undefined {
  return sql.prepare('SELECT value FROM meta WHERE name = ?').get([name])?.value as
    | string
    | undefined;
}
