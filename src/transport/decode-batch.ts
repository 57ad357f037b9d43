/**
 * Wire format v1 back into a batch, with every field checked: bytes come from the network or from a
 * disk that may have torn them. Callers that do not trust the sender bound and pre-scan the bytes
 * first (see src/collector); this file holds the schema.
 */
import { Unpackr } from 'msgpackr/unpack';
import {
  type Attributes,
  type Batch,
  type BatchEvent,
  type CounterPoint,
  type GaugePoint,
  type HistogramPoint,
  type Ledger,
  type Series,
  WIRE_VERSION,
} from './batch.js';
import { KIND_CODES } from './encode-batch.js';

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: false, int64AsType: 'number' });

const FIELDS = 11;
/** Longest text of a string table, in UTF-16 units; longer ones are refused. Those of agents are shorter. */
const STRING_LENGTH_MAX = 8192;

/** The bytes are not a batch. `path` names the field. */
export class BatchFormatError extends Error {
  override readonly name = 'BatchFormatError';
  readonly path: string;

  constructor(path: string, expected: string, came: unknown) {
    super(`batch ${path}: expected ${expected}, got ${describe(came)}`);
    this.path = path;
  }
}

/** A batch, but of a version that is not ours: no part of it would fare better. */
export class BatchVersionError extends BatchFormatError {}

function describe(value: unknown): string {
  if (value === null) return 'nil';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  return typeof value === 'number' ? `the number ${value}` : typeof value;
}

/**
 * Decodes and checks a batch.
 * @throws {BatchFormatError} when a field is missing, of another type, or points outside its table.
 * @throws {BatchVersionError} when it is of another version.
 */
export function decodeBatch(bytes: Uint8Array): Batch {
  let raw: unknown;
  try {
    raw = unpackr.unpack(bytes);
  } catch (error) {
    throw new BatchFormatError('body', 'msgpack', (error as Error).message);
  }
  const body = list(raw, 'body');
  const version = count(body[0], 'version');
  if (version !== WIRE_VERSION) {
    throw new BatchVersionError('version', `${WIRE_VERSION}`, version);
  }
  if (body.length < FIELDS) throw new BatchFormatError('body', `${FIELDS} fields`, body);

  const [agent, boot, sequence] = list(body[1], 'identity');
  const [startMs, durationMs, closedMs, records] = list(body[2], 'window');
  const strings = list(body[3], 'strings').map((value, i) => text(value, `strings[${i}]`));
  const readAttributes = attributeReader(strings);
  const series = list(body[5], 'series').map((row, i) =>
    readSeries(row, `series[${i}]`, strings, readAttributes),
  );
  const seriesAt = (value: unknown, path: string): Series => at(series, value, path);

  return {
    identity: {
      agent: text(agent, 'identity.agent'),
      boot: text(boot, 'identity.boot'),
      sequence: count(sequence, 'identity.sequence'),
    },
    startMs: count(startMs, 'window.start'),
    durationMs: count(durationMs, 'window.duration'),
    closedMs: count(closedMs, 'window.closed'),
    records: count(records, 'window.records'),
    resource: readAttributes(body[4], 'resource'),
    histograms: list(body[6], 'histograms').map((row, i) =>
      readHistogram(row, `histograms[${i}]`, seriesAt),
    ),
    counters: list(body[7], 'counters').map((row, i) =>
      readCounter(row, `counters[${i}]`, seriesAt),
    ),
    gauges: list(body[8], 'gauges').map((row, i) => readGauge(row, `gauges[${i}]`, seriesAt)),
    events: list(body[9], 'events').map((row, i) =>
      readEvent(row, `events[${i}]`, strings, readAttributes),
    ),
    ledger: readLedger(body[10], strings),
  };
}

type SeriesAt = (value: unknown, path: string) => Series;
type ReadAttributes = (value: unknown, path: string) => Attributes;

function attributeReader(strings: readonly string[]): ReadAttributes {
  return (value, path) => {
    const indexes = list(value, path);
    if (indexes.length % 2 !== 0) throw new BatchFormatError(path, 'pairs of indexes', indexes);
    const pairs: [string, string][] = [];
    for (let i = 0; i < indexes.length; i += 2) {
      pairs.push([at(strings, indexes[i], path), at(strings, indexes[i + 1], path)]);
    }
    return pairs;
  };
}

function readSeries(
  row: unknown,
  path: string,
  strings: readonly string[],
  readAttributes: ReadAttributes,
): Series {
  const [name, kind, unit, scale, attributes] = list(row, path);
  const scaleNumber = count(scale, `${path}.scale`);
  if (scaleNumber < 1) throw new BatchFormatError(`${path}.scale`, 'at least 1', scale);
  return {
    name: at(strings, name, `${path}.name`),
    kind: at(KIND_CODES, kind, `${path}.kind`),
    unit: at(strings, unit, `${path}.unit`),
    scale: scaleNumber,
    attributes: readAttributes(attributes, `${path}.attributes`),
  };
}

function readHistogram(row: unknown, path: string, seriesAt: SeriesAt): HistogramPoint {
  const [index, total, sum, min, max, payload] = list(row, path);
  if (!(payload instanceof Uint8Array)) {
    throw new BatchFormatError(`${path}.payload`, 'binary', payload);
  }
  return {
    series: seriesAt(index, path),
    count: count(total, `${path}.count`),
    sum: count(sum, `${path}.sum`),
    min: count(min, `${path}.min`),
    max: count(max, `${path}.max`),
    payload,
  };
}

function readCounter(row: unknown, path: string, seriesAt: SeriesAt): CounterPoint {
  const [index, value] = list(row, path);
  return { series: seriesAt(index, path), value: count(value, `${path}.value`) };
}

function readGauge(row: unknown, path: string, seriesAt: SeriesAt): GaugePoint {
  const [index, samples, sum, min, max, last] = list(row, path);
  return {
    series: seriesAt(index, path),
    count: count(samples, `${path}.count`),
    sum: count(sum, `${path}.sum`),
    min: count(min, `${path}.min`),
    max: count(max, `${path}.max`),
    last: count(last, `${path}.last`),
  };
}

function readEvent(
  row: unknown,
  path: string,
  strings: readonly string[],
  readAttributes: ReadAttributes,
): BatchEvent {
  const [timeMs, name, attributes] = list(row, path);
  return {
    timeMs: count(timeMs, `${path}.time`),
    name: at(strings, name, `${path}.name`),
    attributes: readAttributes(attributes, `${path}.attributes`),
  };
}

function readLedger(value: unknown, strings: readonly string[]): Ledger {
  const [recorded, delivered, pending, dropped] = list(value, 'ledger');
  const reasons = list(dropped, 'ledger.dropped').map((pair): [string, number] => {
    const [reason, records] = list(pair, 'ledger.dropped');
    return [at(strings, reason, 'ledger.dropped'), count(records, 'ledger.dropped')];
  });
  return {
    recorded: count(recorded, 'ledger.recorded'),
    delivered: count(delivered, 'ledger.delivered'),
    pending: count(pending, 'ledger.pending'),
    dropped: Object.fromEntries(reasons),
  };
}

function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new BatchFormatError(path, 'an array', value);
  return value;
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value.length > STRING_LENGTH_MAX) {
    throw new BatchFormatError(path, `a string of at most ${STRING_LENGTH_MAX} characters`, value);
  }
  return value;
}

/** A whole number from 0 to 2^53 - 1. */
function count(value: unknown, path: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new BatchFormatError(path, 'a whole number from 0 to 2^53 - 1', value);
  }
  // A float may be -0, which is equal to 0 and not the same.
  return (value as number) + 0;
}

function at<Item>(table: readonly Item[], index: unknown, path: string): Item {
  const item = Number.isInteger(index) ? table[index as number] : undefined;
  if (item === undefined) {
    throw new BatchFormatError(path, `an index below ${table.length}`, index);
  }
  return item;
}
