/**
 * Rows of one UTC day, made of those of its hours: a three-hundredth of the windows. Runs in the query pool, or on the main
 * thread without one; maintenance runs one at a time. What is in memory at once is the day of SERIES_MAX series.
 *
 * A day is made whole or not at all, and made again when more of it has come. What its rows hold is told as in the other
 * rollups, by the last batch taken from each raw file: that which the hours had taken when they were read. So a reader finds
 * in the raw file what the day lacks. Of a raw file that is gone nothing tells which day it was of. Where the hours hold
 * more of such a one than the day file says to hold (a store of before there were days, or a file moved away), that file is
 * begun anew: it then says to hold all of those, and its days are made in order, so that none but its last can lack any.
 */
import { addAccount } from './account.js';
import { LEVEL_MS } from './data-folder.js';
import { type CardinalityLimits, FileIndex } from './file-index.js';
import { type FileReader, inSnapshot } from './file-readers.js';
import { PointFold } from './point-fold.js';
import { mergeRows, noteProgress, openPoint, progressOf, REFUSING_NOTHING } from './rollup.js';
import type { DataFile } from './schema.js';
import type { SqlRow } from './sql-driver.js';

/** With 50 processes 38,400 rows of hours, 10 to 20 MB. */
const SERIES_MAX = 32;

export interface Day {
  /** Its first ms. */
  readonly fromMs: number;
  /** The id of its raw file; undefined when there is none any more. */
  readonly source: string | undefined;
}

/** Makes the rows of a day in `target` anew. */
export function rollUpDay(
  hours: DataFile,
  target: DataFile,
  { fromMs, source }: Day,
  limits: CardinalityLimits,
): void {
  const index = new FileIndex(target, { ...limits, ...REFUSING_NOTHING });
  target.sql.transaction(() => {
    target.sql.prepare('DELETE FROM points WHERE start_ms = ?').run([fromMs]);
    inSnapshot([{ file: hours }], () => {
      if (source !== undefined) noteOf(hours, target, source);
      takeDay(hours, target, index, fromMs);
    });
  });
}

/** Notes in a day file without rows what of raw files that are gone its days will hold: all that the hours have. */
export function noteSources(hours: DataFile, target: DataFile, sources: readonly string[]): void {
  target.sql.transaction(() => {
    for (const source of sources) noteOf(hours, target, source);
  });
}

function noteOf(hours: DataFile, target: DataFile, source: string): void {
  noteProgress(target, source, progressOf(hours, source));
}

/**
 * Raw files that hours were made of and that are gone, and whether the day file says to hold as much of each. `readers` are
 * all that there are.
 */
export function goneSources(
  hours: DataFile,
  days: DataFile | undefined,
  readers: readonly FileReader[],
): { readonly sources: readonly string[]; readonly areKnown: boolean } {
  const known = days === undefined ? new Map<string, number>() : progressIn(days);
  const raw = new Set(readers.filter(({ level }) => level === 'raw').map(({ id }) => id));
  const gone = [...progressIn(hours)].filter(([source]) => !raw.has(source));
  return {
    sources: gone.map(([source]) => source),
    areKnown: gone.every(([source, batch]) => (known.get(source) ?? 0) >= batch),
  };
}

function progressIn({ sql }: DataFile): Map<string, number> {
  const rows = sql.prepare('SELECT source, batch FROM progress').all([]);
  return new Map(rows.map(({ source, batch }) => [source as string, batch as number]));
}

/** The first ms of the last day that has rows. Days are made in order: none before it is yet to be made. */
export function lastDayIn(days: DataFile): number | undefined {
  const row = days.sql.prepare('SELECT max(start_ms) AS last FROM points').get([]);
  return (row?.last as number | null | undefined) ?? undefined;
}

/** What making a day needs at every step. */
interface Making {
  readonly hours: DataFile;
  readonly target: DataFile;
  readonly index: FileIndex;
  readonly fromMs: number;
  readonly fold: PointFold;
  /** Ids of processes in the target, by those in the hours. */
  readonly processes: Map<number, number>;
}

function takeDay(hours: DataFile, target: DataFile, index: FileIndex, fromMs: number): void {
  const making = { hours, target, index, fromMs, fold: new PointFold(), processes: new Map() };
  for (const metric of hours.sql.prepare('SELECT * FROM metrics ORDER BY id').all([])) {
    const series = hours.sql
      .prepare('SELECT id, attributes FROM series WHERE metric = ? ORDER BY id')
      .all([metric.id!]);
    for (let at = 0; at < series.length; at += SERIES_MAX) {
      takeSeries(making, metric, series.slice(at, at + SERIES_MAX));
    }
  }
}

const READ_HOURS = `SELECT series, process, count, sum, min, max, last, last_ms, payload FROM points
  WHERE start_ms IN (SELECT value FROM json_each(?)) AND metric = ? AND series >= ? AND series <= ?
  ORDER BY series, process`;

/** The day of some series of a metric, of which `series` has the rows, by id. */
function takeSeries(making: Making, metric: SqlRow, series: readonly SqlRow[]): void {
  const { hours, target, index, fromMs: startMs, fold } = making;
  const starts = Array.from({ length: 24 }, (_, hour) => startMs + hour * LEVEL_MS.hour);
  const ids = series.map(({ id }) => id as number);
  const values = [JSON.stringify(starts), metric.id as number, ids[0]!, ids.at(-1)!];
  mergeRows(target, hours.sql.prepare(READ_HOURS).all(values), fold, LEVEL_MS.day, (row) => {
    const { attributes } = series[ids.indexOf(row.series as number)]!;
    const process = processIn(making, row.process as number);
    return openPoint(index, { ...metric, attributes: attributes! }, process, startMs);
  });
}

/** The process with its resource, for grouping. What was received from it is in the accounts of the hours alone. */
function processIn({ hours, target, index, processes }: Making, id: number): number {
  const known = processes.get(id);
  if (known !== undefined) return known;
  const row = hours.sql.prepare('SELECT * FROM processes WHERE id = ?').get([id])!;
  const service = row.service as string;
  const own = index.processId(row.agent as string, row.boot as string, service);
  addAccount(target.sql, own, {
    service,
    resource: row.resource as string,
    ledger: '{}',
    sequence: row.sequence as number,
    firstMs: row.first_ms as number,
    lastMs: row.last_ms as number,
    skewMs: row.skew_ms as number,
    records: 0,
    batches: 0,
  });
  processes.set(id, own);
  return own;
}
