/** Events of a time range: from the 1 min files, and from raw what they have not taken over. */
import { TRACE_EVENT } from '../../transport/trace-event.js';
import { covering, type FileReader, inSnapshot } from '../store/file-readers.js';
import { progressOf } from '../store/rollup.js';
import { TRACE_ID_OF_EVENT } from '../store/schema.js';
import type { SqlRow, SqlValue } from '../store/sql-driver.js';
import { recordOf } from './selection.js';

export interface EventsRequest {
  readonly service: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
  /** Events of this name only. */
  readonly name?: string | undefined;
  /** Attributes that it has, with these very values. */
  readonly where?: readonly (readonly [name: string, value: string])[];
  /** The same of the resource of the process that sent them: a version, an instance. */
  readonly resource?: readonly (readonly [name: string, value: string])[];
  /** An attribute that is a number: at least `min`, and with `isGreatestFirst` the order. */
  readonly number?: {
    readonly attribute: string;
    readonly min: number;
    readonly isGreatestFirst: boolean;
  };
}

export interface StoredEvent {
  readonly timeMs: number;
  readonly name: string;
  readonly service: string;
  readonly agent: string;
  readonly boot: string;
  readonly attributes: Record<string, string>;
}

/** An event lies in the file of its batch's window, and at most this far from it. */
const DISTANCE_MS = 3_600_000;
/** Parts of one trace that are read. */
const PARTS_MAX = 50;

/** The newest events of the range, newest first; or those with the greatest number, greatest first. */
export function findEvents(readers: readonly FileReader[], request: EventsRequest): StoredEvent[] {
  const { fromMs, toMs, limit } = request;
  const select = selectOf(request);
  const found = readAll(readers, [fromMs - DISTANCE_MS, toMs + DISTANCE_MS], select);
  return found
    .sort((a, b) => b.order - a.order)
    .slice(0, limit)
    .map(({ event }) => event);
}

/** Every event of a trace: one for each process that kept a part of it, and for each time it did. */
export function findTrace(readers: readonly FileReader[], traceId: string): StoredEvent[] {
  const sql = `SELECT time_ms AS ordered, ${COLUMNS}
    WHERE name = '${TRACE_EVENT}' AND ${TRACE_ID_OF_EVENT} = ? AND batch > ?
    ORDER BY time_ms LIMIT ${PARTS_MAX}`;
  const always = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  const found = readAll(readers, always, { sql, values: (after) => [traceId, after] });
  return found.sort((a, b) => a.order - b.order).map(({ event }) => event);
}

interface Select {
  readonly sql: string;
  readonly values: (after: number) => SqlValue[];
}

const COLUMNS = `time_ms, name, attributes, service, agent, boot FROM events
  JOIN processes ON processes.id = events.process`;

function selectOf(request: EventsRequest): Select {
  const { service, fromMs, toMs, limit, name, where = [], resource = [], number } = request;
  const conditions = ['time_ms >= ?', 'time_ms < ?', 'batch > ?'];
  const values: SqlValue[] = [];
  const add = (condition: string, ...of: SqlValue[]): void => {
    conditions.push(condition);
    values.push(...of);
  };
  if (service !== undefined) add('service = ?', service);
  if (name !== undefined) add('name = ?', name);
  // Quotes of a value are escaped in the text, so that no value can look like a pair.
  for (const pair of where) add('instr(attributes, ?) > 0', JSON.stringify(pair));
  for (const pair of resource) add('instr(resource, ?) > 0', JSON.stringify(pair));
  if (number !== undefined && number.min > 0) {
    add(`${numberOf(number.attribute)} >= ?`, number.min);
  }
  const order = number?.isGreatestFirst ? numberOf(number.attribute) : 'time_ms';
  return {
    sql: `SELECT ${order} AS ordered, ${COLUMNS}
      WHERE ${conditions.join(' AND ')} ORDER BY ordered DESC LIMIT ?`,
    values: (after) => [fromMs, toMs, after, ...values, limit],
  };
}

/** The number at the beginning of an attribute's value. `attribute` is a name of ours, not a caller's. */
function numberOf(attribute: string): string {
  const start = `"${attribute}","`;
  return `CAST(substr(attributes, instr(attributes, '${start}') + ${start.length}, 20) AS REAL)`;
}

/** From the 1 min files, and from raw ones what the former have not taken over. */
function readAll(
  readers: readonly FileReader[],
  [fromMs, toMs]: readonly [fromMs: number, toMs: number],
  { sql, values }: Select,
): { readonly order: number; readonly event: StoredEvent }[] {
  const minutes = covering(readers, 'minute', fromMs, toMs);
  const raws = covering(readers, 'raw', fromMs, toMs);
  const found: { order: number; event: StoredEvent }[] = [];
  inSnapshot([...minutes, ...raws], () => {
    const read = (reader: FileReader, after: number): void => {
      for (const row of reader.file.sql.prepare(sql).all(values(after))) {
        found.push({ order: row.ordered as number, event: eventOf(row) });
      }
    };
    for (const raw of raws) {
      const taken = minutes.map(({ file }) => progressOf(file, raw.id));
      read(raw, Math.max(0, ...taken));
    }
    for (const minute of minutes) read(minute, -1);
  });
  return found;
}

function eventOf(row: SqlRow): StoredEvent {
  return {
    timeMs: row.time_ms as number,
    name: row.name as string,
    service: row.service as string,
    agent: row.agent as string,
    boot: row.boot as string,
    attributes: recordOf(row.attributes as string),
  };
}
