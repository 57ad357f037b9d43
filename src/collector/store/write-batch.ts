/**
 * One received batch into its raw file. The dedupe row, the data, the events and the process's
 * account are written in the caller's transaction: all of them or none.
 */
import type { Attributes, Batch } from '../../transport/batch.js';
import { type Held, heldOf, partNumbers, wholeSequence } from '../../transport/split-batch.js';
import { addAccount } from './account.js';
import type { FileIndex } from './file-index.js';
import { PointFold, type PointValues } from './point-fold.js';
import type { SqlDatabase } from './sql-driver.js';

export interface ReceivedBatch {
  /** Its times are by this machine's clock. */
  readonly batch: Batch;
  readonly receivedMs: number;
  /** How far this machine's clock was ahead of the sender's, as measured; else what the times say. */
  readonly skewMs?: number;
}

export const UNKNOWN_SERVICE = 'unknown_service';

export function serviceOf(resource: Attributes): string {
  return resource.find(([name]) => name === 'service.name')?.[1] || UNKNOWN_SERVICE;
}

/** Equal attributes as equal text, whatever order they came in. */
function canonical(attributes: Attributes): string {
  return JSON.stringify([...attributes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const INSERT_POINT = 'INSERT OR REPLACE INTO points VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)';
export const INSERT_EVENT = 'INSERT INTO events VALUES (NULL, ?, ?, ?, ?, ?)';
const FIND_BATCH = 'SELECT id FROM batches WHERE process = ? AND sequence = ?';

const FIND_PARTS = `SELECT batches.sequence FROM batches JOIN processes ON processes.id = batches.process
  WHERE agent = ? AND boot = ? AND (batches.sequence = ? OR batches.sequence >= ? AND batches.sequence < ?)`;

/** What the file holds of the batch, which may be a part of another or have come in parts. */
export function heldIn(
  sql: SqlDatabase,
  { agent, boot, sequence }: Readonly<{ agent: string; boot: string; sequence: number }>,
): Held {
  const [from, to] = partNumbers(sequence);
  const rows = sql.prepare(FIND_PARTS).all([agent, boot, wholeSequence(sequence), from, to]);
  return rows.length === 0
    ? 'nothing'
    : heldOf(
        sequence,
        rows.map((row) => row.sequence as number),
      );
}

/** Writes a batch that the file does not hold yet. */
export function writeBatch(sql: SqlDatabase, index: FileIndex, received: ReceivedBatch): void {
  const { batch, receivedMs } = received;
  const { identity } = batch;
  const service = serviceOf(batch.resource);
  const process = index.processId(identity.agent, identity.boot, service);
  sql
    .prepare('INSERT INTO batches VALUES (NULL, ?, ?, ?, ?, ?, ?)')
    .run([process, identity.sequence, batch.startMs, batch.durationMs, receivedMs, batch.records]);
  const id = sql.prepare(FIND_BATCH).get([process, identity.sequence])?.id as number;
  writePoints(sql, index, batch, service, process, id);
  const event = sql.prepare(INSERT_EVENT);
  for (const { timeMs, name, attributes } of batch.events) {
    event.run([timeMs, process, id, name, canonical(attributes)]);
  }
  addAccount(sql, process, {
    service,
    resource: canonical(batch.resource),
    ledger: JSON.stringify(batch.ledger),
    // Parts are numbered above all whole batches, and carry the ledger of their own.
    sequence: wholeSequence(identity.sequence),
    firstMs: batch.startMs,
    lastMs: receivedMs,
    skewMs: received.skewMs ?? receivedMs - batch.closedMs,
    records: batch.records,
    batches: 1,
  });
}

function writePoints(
  sql: SqlDatabase,
  index: FileIndex,
  batch: Batch,
  service: string,
  process: number,
  id: number,
): void {
  const insert = sql.prepare(INSERT_POINT);
  for (const { metric, series, fold } of foldPoints(index, batch, service).values()) {
    const { count, sum, min, max, last, payload } = fold;
    insert.run([
      batch.startMs,
      metric,
      series,
      process,
      id,
      batch.durationMs,
      count,
      sum,
      min,
      max,
      last,
      batch.startMs,
      payload,
    ]);
  }
}

interface Folded {
  readonly metric: number;
  readonly series: number;
  readonly fold: PointFold;
}

/** Points by series id: several may have become one series past the limit. */
function foldPoints(index: FileIndex, batch: Batch, service: string): Map<number, Folded> {
  const byId = new Map<number, Folded>();
  for (const { series, values } of pointsOf(batch)) {
    const metric = index.metricId(service, series);
    const id = index.seriesId(service, metric, canonical(series.attributes));
    let folded = byId.get(id);
    if (folded === undefined) {
      folded = { metric, series: id, fold: new PointFold() };
      byId.set(id, folded);
    }
    folded.fold.add(values);
  }
  return byId;
}

type SeriesOf = Batch['histograms'][number]['series'];

function* pointsOf(batch: Batch): Generator<{ series: SeriesOf; values: PointValues }> {
  const lastMs = batch.startMs;
  for (const { series, ...point } of batch.histograms) {
    if (point.count > 0) yield { series, values: { ...point, last: point.max, lastMs } };
  }
  for (const { series, value } of batch.counters) {
    const values = { count: 1, sum: value, min: value, max: value, last: value, lastMs };
    yield { series, values: { ...values, payload: null } };
  }
  for (const { series, ...point } of batch.gauges) {
    if (point.count > 0) yield { series, values: { ...point, lastMs, payload: null } };
  }
}
