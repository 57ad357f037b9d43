/**
 * Raw windows into the 1 min and 1 h files, incrementally; days are made of hours (day-rollup.ts). Runs
 * in the query pool, or on the main thread without one; the caller runs one at a time, so each rollup
 * file has one writer.
 *
 * A rollup file remembers the last batch it took from each raw file and writes that in the same
 * transaction as the data. So a rollup that is cut off is done again or not at all, and a batch that
 * comes hours late is simply the next one. The source is named by the raw file's own id: a raw file
 * made anew after retention deleted the first is another source.
 */
import { addAccount } from './account.js';
import { LEVEL_MS } from './data-folder.js';
import { type CardinalityLimits, FileIndex } from './file-index.js';
import { PointFold, type PointValues } from './point-fold.js';
import type { DataFile } from './schema.js';
import type { SqlRow } from './sql-driver.js';
import { INSERT_EVENT, INSERT_POINT } from './write-batch.js';

export type RollupLevel = 'minute' | 'hour';

/** Batches of one transaction: what is held in memory, and how long the file is locked. */
const BATCHES_MAX = 64;

/**
 * What is in a raw file was acknowledged, and refusing it here would stop the rollup for ever. The raw
 * files' own limits bound a rollup: an hour file has the processes of 31 of them at most.
 */
export const REFUSING_NOTHING: Omit<CardinalityLimits, 'seriesPerServiceMax' | 'seriesMax'> = {
  processesMax: Number.POSITIVE_INFINITY,
  metricsPerServiceMax: Number.POSITIVE_INFINITY,
  metricsMax: Number.POSITIVE_INFINITY,
};

/** The last batch of the raw file with this id that a rollup file has taken over; 0 for none. */
export function progressOf(target: DataFile, sourceId: string): number {
  const row = target.sql.prepare('SELECT batch FROM progress WHERE source = ?').get([sourceId]);
  return (row?.batch as number | undefined) ?? 0;
}

export function noteProgress(target: DataFile, sourceId: string, batch: number): void {
  target.sql.prepare('INSERT OR REPLACE INTO progress VALUES (?, ?)').run([sourceId, batch]);
}

export function lastBatchOf(raw: DataFile): number {
  const row = raw.sql.prepare('SELECT max(id) AS last FROM batches').get([]);
  return (row?.last as number | null | undefined) ?? 0;
}

/** Takes everything over that `target` does not have yet. Returns the number of batches taken. */
export function rollUp(
  raw: DataFile,
  target: DataFile,
  level: RollupLevel,
  limits: CardinalityLimits,
): number {
  const index = new FileIndex(target, { ...limits, ...REFUSING_NOTHING });
  let taken = 0;
  for (;;) {
    // Read inside the transaction: what another writer has just taken is not taken twice.
    const count = target.sql.transaction(() => {
      const after = progressOf(target, raw.id);
      const upTo = Math.min(after + BATCHES_MAX, lastBatchOf(raw));
      if (upTo > after) takeOver(raw, target, index, level, { after, upTo });
      return Math.max(0, upTo - after);
    });
    if (count === 0) return taken;
    taken += count;
  }
}

/** Batches with an id above `after`, up to `upTo`. */
interface Chunk {
  readonly after: number;
  readonly upTo: number;
}

function takeOver(
  raw: DataFile,
  target: DataFile,
  index: FileIndex,
  level: RollupLevel,
  chunk: Chunk,
): void {
  const processes = takeProcesses(raw, target, index, chunk);
  takePoints(raw, target, index, level, chunk, processes);
  if (level === 'minute') takeBatchesAndEvents(raw, target, chunk, processes);
  noteProgress(target, raw.id, chunk.upTo);
}

/** Adds up the accounts of the chunk's processes, as accounts.ts does. Returns their ids in the target by those in raw. */
function takeProcesses(
  raw: DataFile,
  target: DataFile,
  index: FileIndex,
  { after, upTo }: Chunk,
): Map<number, number> {
  const ids = new Map<number, number>();
  const rows = raw.sql
    .prepare(
      `SELECT p.*, total(b.records) AS got_records, count(*) AS got_batches
      FROM batches b JOIN processes p ON p.id = b.process
      WHERE b.id > ? AND b.id <= ? GROUP BY p.id`,
    )
    .all([after, upTo]);
  for (const row of rows) {
    const service = row.service as string;
    const id = index.processId(row.agent as string, row.boot as string, service);
    ids.set(row.id as number, id);
    addAccount(target.sql, id, {
      service,
      resource: row.resource as string,
      ledger: row.ledger as string,
      sequence: row.sequence as number,
      firstMs: row.first_ms as number,
      lastMs: row.last_ms as number,
      skewMs: row.skew_ms as number,
      records: row.got_records as number,
      batches: row.got_batches as number,
    });
  }
  return ids;
}

function takePoints(
  raw: DataFile,
  target: DataFile,
  index: FileIndex,
  level: RollupLevel,
  { after, upTo }: Chunk,
  processes: ReadonlyMap<number, number>,
): void {
  const widthMs = LEVEL_MS[level];
  const starts = raw.sql
    .prepare('SELECT DISTINCT start_ms FROM batches WHERE id > ? AND id <= ? ORDER BY start_ms')
    .all([after, upTo])
    .map((row) => row.start_ms as number);
  const buckets = new Set(starts.map((startMs) => Math.floor(startMs / widthMs) * widthMs));
  const read = raw.sql.prepare(
    `SELECT p.*, m.service, m.name, m.kind, m.unit, m.scale, s.attributes
    FROM points p JOIN metrics m ON m.id = p.metric JOIN series s ON s.id = p.series
    WHERE p.start_ms >= ? AND p.start_ms < ? AND p.batch > ? AND p.batch <= ?
    ORDER BY p.metric, p.series, p.process`,
  );
  const fold = new PointFold();
  for (const bucketMs of buckets) {
    const rows = read.all([bucketMs, bucketMs + widthMs, after, upTo]);
    mergeRows(target, rows, fold, widthMs, (row) =>
      openPoint(index, row, processes.get(row.process as number) as number, bucketMs),
    );
  }
}

/** Rows in order of the points that they become, each folded and merged into what is there of it. */
export function mergeRows(
  target: DataFile,
  rows: readonly SqlRow[],
  fold: PointFold,
  widthMs: number,
  pointOf: (row: SqlRow) => OpenPoint,
): void {
  let open: OpenPoint | undefined;
  for (const row of rows) {
    const next = pointOf(row);
    if (open !== undefined && !samePoint(open, next)) mergeInto(target, open, fold, widthMs);
    open = next;
    fold.add(valuesOf(row));
  }
  if (open !== undefined) mergeInto(target, open, fold, widthMs);
}

/** The row that is being folded. */
interface OpenPoint {
  readonly startMs: number;
  readonly metric: number;
  readonly series: number;
  readonly process: number;
}

/** `row` names a metric and the attributes of a series. */
export function openPoint(
  index: FileIndex,
  row: SqlRow,
  process: number,
  startMs: number,
): OpenPoint {
  const service = row.service as string;
  const metric = index.metricId(service, {
    name: row.name as string,
    kind: row.kind as 'histogram',
    unit: row.unit as string,
    scale: row.scale as number,
  });
  const series = index.seriesId(service, metric, row.attributes as string);
  return { startMs, metric, series, process };
}

function samePoint(a: OpenPoint, b: OpenPoint): boolean {
  return a.metric === b.metric && a.series === b.series && a.process === b.process;
}

/** Adds what is there already, writes the row and empties the fold. */
function mergeInto(target: DataFile, point: OpenPoint, fold: PointFold, widthMs: number): void {
  const { startMs, metric, series, process } = point;
  const present = target.sql
    .prepare(
      `SELECT count, sum, min, max, last, last_ms, payload FROM points
      WHERE start_ms = ? AND metric = ? AND series = ? AND process = ? AND batch = 0`,
    )
    .get([startMs, metric, series, process]);
  if (present !== undefined) fold.add(valuesOf(present));
  const { count, sum, min, max, last, lastMs, payload } = fold;
  const key = [startMs, metric, series, process, 0, widthMs];
  target.sql.prepare(INSERT_POINT).run([...key, count, sum, min, max, last, lastMs, payload]);
  fold.clear();
}

export function valuesOf(row: SqlRow): PointValues {
  return {
    count: row.count as number,
    sum: row.sum as number,
    min: row.min as number,
    max: row.max as number,
    last: row.last as number,
    lastMs: row.last_ms as number,
    payload: row.payload as Uint8Array | null,
  };
}

/** The 1 min file keeps the dedupe rows and the events when the raw file is gone. */
function takeBatchesAndEvents(
  raw: DataFile,
  target: DataFile,
  { after, upTo }: Chunk,
  processes: ReadonlyMap<number, number>,
): void {
  const range = [after, upTo];
  const insertBatch = target.sql.prepare(
    'INSERT OR IGNORE INTO batches VALUES (NULL, ?, ?, ?, ?, ?, ?)',
  );
  const batches = raw.sql.prepare('SELECT * FROM batches WHERE id > ? AND id <= ?').all(range);
  for (const row of batches) {
    insertBatch.run([
      processes.get(row.process as number) as number,
      row.sequence!,
      row.start_ms!,
      row.duration_ms!,
      row.received_ms!,
      row.records!,
    ]);
  }
  const insertEvent = target.sql.prepare(INSERT_EVENT);
  const events = raw.sql.prepare('SELECT * FROM events WHERE batch > ? AND batch <= ?').all(range);
  for (const row of events) {
    const process = processes.get(row.process as number) as number;
    insertEvent.run([row.time_ms!, process, 0, row.name!, row.attributes!]);
  }
}
