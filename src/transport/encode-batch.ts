/**
 * A batch as wire format v1: positional msgpack arrays over one string table. Runs in the agent's
 * worker. No extension types, no records, no maps: any msgpack library reads it.
 */
import { Packr } from 'msgpackr/pack';
import {
  type Attributes,
  type Batch,
  type BatchEvent,
  type CounterPoint,
  type GaugePoint,
  type HistogramPoint,
  type Series,
  WIRE_VERSION,
} from './batch.js';

const packr = new Packr({ useRecords: false, variableMapSize: true, int64AsType: 'number' });

/** The codes of metric kinds on the wire; the index is the code. */
export const KIND_CODES = ['histogram', 'counter', 'gauge'] as const;

/** Interns strings in order of first use. */
class StringTable {
  readonly strings: string[] = [];
  readonly #indexes = new Map<string, number>();

  indexOf(text: string): number {
    let index = this.#indexes.get(text);
    if (index === undefined) {
      index = this.strings.push(text) - 1;
      this.#indexes.set(text, index);
    }
    return index;
  }

  indexesOf(attributes: Attributes): number[] {
    return attributes.flatMap(([name, value]) => [this.indexOf(name), this.indexOf(value)]);
  }
}

/** Interns series in order of first use, as rows of the series table. */
class SeriesTable {
  readonly rows: unknown[] = [];
  readonly #indexes = new Map<Series, number>();
  readonly #strings: StringTable;

  constructor(strings: StringTable) {
    this.#strings = strings;
  }

  indexOf(series: Series): number {
    let index = this.#indexes.get(series);
    if (index === undefined) {
      const { name, kind, unit, scale, attributes } = series;
      index =
        this.rows.push([
          this.#strings.indexOf(name),
          KIND_CODES.indexOf(kind),
          this.#strings.indexOf(unit),
          scale,
          this.#strings.indexesOf(attributes),
        ]) - 1;
      this.#indexes.set(series, index);
    }
    return index;
  }
}

/**
 * msgpackr writes numbers above 32 bits as floats. A receiver in a typed language should find
 * integers where the specification says so, and a BigInt becomes one.
 */
function whole(value: number): number | bigint {
  return value > 0xffff_ffff ? BigInt(value) : value;
}

/**
 * The batch's bytes, before any compression. The returned view is the caller's to keep.
 * @throws {RangeError} when a field above 2^32 is not a whole number.
 */
export function encodeBatch(batch: Batch): Uint8Array {
  const strings = new StringTable();
  const series = new SeriesTable(strings);
  const { identity, ledger } = batch;

  const histograms = batch.histograms.map((point: HistogramPoint) => [
    series.indexOf(point.series),
    whole(point.count),
    whole(point.sum),
    whole(point.min),
    whole(point.max),
    point.payload,
  ]);
  const counters = batch.counters.map((point: CounterPoint) => [
    series.indexOf(point.series),
    whole(point.value),
  ]);
  const gauges = batch.gauges.map((point: GaugePoint) => [
    series.indexOf(point.series),
    whole(point.count),
    whole(point.sum),
    whole(point.min),
    whole(point.max),
    whole(point.last),
  ]);
  const events = batch.events.map((event: BatchEvent) => [
    whole(event.timeMs),
    strings.indexOf(event.name),
    strings.indexesOf(event.attributes),
  ]);
  const resource = strings.indexesOf(batch.resource);
  const dropped = Object.entries(ledger.dropped).map(([reason, count]) => [
    strings.indexOf(reason),
    whole(count),
  ]);

  return packr.pack([
    WIRE_VERSION,
    [identity.agent, identity.boot, whole(identity.sequence)],
    [whole(batch.startMs), batch.durationMs, whole(batch.closedMs), whole(batch.records)],
    strings.strings,
    resource,
    series.rows,
    histograms,
    counters,
    gauges,
    events,
    [whole(ledger.recorded), whole(ledger.delivered), whole(ledger.pending), dropped],
  ]);
}
