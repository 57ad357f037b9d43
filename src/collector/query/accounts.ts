/**
 * What is known of each process, over all files: the 1 h files hold the accounts of what they took
 * over, raw files those of the rest. Both are written with the data they count, so the sums are exact.
 */
import { type FileReader, inSnapshot } from '../store/file-readers.js';
import { progressOf } from '../store/rollup.js';
import type { SqlRow } from '../store/sql-driver.js';
import { recordOf } from './selection.js';

export interface ProcessRecord {
  readonly agent: string;
  readonly boot: string;
  service: string;
  resource: Record<string, string>;
  /** Of the newest batch by sequence. */
  ledger: string;
  sequence: number;
  firstMs: number;
  lastMs: number;
  skewMs: number;
  /** Committed here, whatever the process says. */
  records: number;
  batches: number;
}

/**
 * All processes, or those of a service; the most recently seen first.
 * @param sinceMs only what files hold of processes that they were heard of since then; whoever asks again and again must not
 *   read all that there were in 400 days. Counts are of that alone
 */
export function processRecords(
  readers: readonly FileReader[],
  service: string | undefined,
  sinceMs: number = 0,
): ProcessRecord[] {
  const hours = readers.filter(({ level, toMs }) => level === 'hour' && toMs > sinceMs);
  const raws = readers.filter(({ level }) => level === 'raw');
  const records = new Map<string, ProcessRecord>();
  inSnapshot([...hours, ...raws], () => {
    for (const raw of raws) {
      const taken = hours.map(({ file }) => progressOf(file, raw.id));
      addRaw(records, raw, Math.max(0, ...taken), sinceMs);
    }
    const find = 'SELECT * FROM processes WHERE last_ms >= ?';
    for (const { file } of hours) {
      for (const row of file.sql.prepare(find).all([sinceMs])) {
        addRow(records, row, row.records as number, row.batches as number);
      }
    }
  });
  return [...records.values()]
    .filter((record) => service === undefined || record.service === service)
    .sort((a, b) => b.lastMs - a.lastMs);
}

/**
 * Raw accounts count only batches past `after`; the rest of a row is true whoever holds it. `total` and not `sum`, which
 * of whole numbers is one of 64 bits: whoever sends may write any below 2^53, and a driver refuses to read what is above.
 */
function addRaw(
  records: Map<string, ProcessRecord>,
  raw: FileReader,
  after: number,
  sinceMs: number,
): void {
  const rows = raw.file.sql
    .prepare(
      `SELECT p.*, coalesce(b.got_records, 0) AS got_records, coalesce(b.got_batches, 0) AS got_batches
      FROM processes p LEFT JOIN (
        SELECT process, total(records) AS got_records, count(*) AS got_batches
        FROM batches WHERE id > ? GROUP BY process
      ) b ON b.process = p.id WHERE p.last_ms >= ?`,
    )
    .all([after, sinceMs]);
  for (const row of rows) {
    addRow(records, row, row.got_records as number, row.got_batches as number);
  }
}

function addRow(
  records: Map<string, ProcessRecord>,
  row: SqlRow,
  received: number,
  batches: number,
): void {
  const agent = row.agent as string;
  const boot = row.boot as string;
  const key = JSON.stringify([agent, boot]);
  const sequence = row.sequence as number;
  const known = records.get(key);
  const record: ProcessRecord = known ?? {
    agent,
    boot,
    service: '',
    resource: {},
    ledger: '',
    sequence: -1,
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: 0,
    skewMs: Number.POSITIVE_INFINITY,
    records: 0,
    batches: 0,
  };
  record.records += received;
  record.batches += batches;
  record.firstMs = Math.min(record.firstMs, row.first_ms as number);
  record.lastMs = Math.max(record.lastMs, row.last_ms as number);
  record.skewMs = Math.min(record.skewMs, row.skew_ms as number);
  if (sequence > record.sequence) {
    record.sequence = sequence;
    record.service = row.service as string;
    record.resource = recordOf(row.resource as string);
    record.ledger = row.ledger as string;
  }
  records.set(key, record);
}
