/**
 * The open window: every series of the process, each with its cell. Rings of several threads fold
 * into the same cell when metric and attributes are the same. Bounded by the series limit; past it
 * an exact `(other)` series per metric keeps totals right, and whoever asked is told, once.
 */
import { type Metric, OTHER } from '../shared/metric.js';
import type {
  Attributes,
  CounterPoint,
  GaugePoint,
  HistogramPoint,
  Series,
} from '../transport/batch.js';
import { HdrPayloads } from '../transport/hdr-payload.js';
import { type Cell, CounterCell, GaugeCell, HistogramCell } from './cells.js';
import type { Sink } from './sink.js';

export type AnyCell = HistogramCell | CounterCell | GaugeCell;

/** What a window holds when it closes, or so far. */
export interface WindowContents {
  readonly histograms: readonly HistogramPoint[];
  readonly counters: readonly CounterPoint[];
  readonly gauges: readonly GaugePoint[];
}

export interface WindowLimits {
  readonly digits: number;
  readonly seriesMax: number;
}

export class Window implements Sink {
  readonly #limits: WindowLimits;
  readonly #cells = new Map<string, AnyCell>();
  readonly #histograms: HistogramCell[] = [];
  readonly #counters: CounterCell[] = [];
  readonly #gauges: GaugeCell[] = [];
  readonly #payloads = new HdrPayloads();
  /** Called when the limit is first reached, and then gone. */
  #onLimit: (() => void) | undefined;
  /** Values the worker recorded itself, for the ledger. */
  #ownRecords = 0;

  constructor(limits: WindowLimits, onLimit?: () => void) {
    this.#limits = limits;
    this.#onLimit = onLimit;
  }

  get seriesCount(): number {
    return this.#cells.size;
  }

  /** Values recorded through the Sink since the last call. */
  takeOwnRecords(): number {
    const records = this.#ownRecords;
    this.#ownRecords = 0;
    return records;
  }

  /** The cell of a series, made when it is new. */
  cell(series: Series): AnyCell {
    const key = keyOf(series);
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    const isOverflow = series.attributes.every(([, value]) => value === OTHER);
    if (this.#cells.size >= this.#limits.seriesMax && !isOverflow) {
      this.#onLimit?.();
      this.#onLimit = undefined;
      const attributes = series.attributes.map(([name]) => [name, OTHER] as const);
      return this.cell({ ...series, attributes });
    }
    const cell = this.#create(series);
    this.#cells.set(key, cell);
    return cell;
  }

  observe(metric: Metric, value: number, attributes: Attributes = []): void {
    this.#recordOwn(metric, value, attributes);
  }

  add(metric: Metric, delta: number, attributes: Attributes = []): void {
    this.#recordOwn(metric, delta, attributes);
  }

  set(metric: Metric, value: number, attributes: Attributes = []): void {
    this.#recordOwn(metric, value, attributes);
  }

  /** What is in the window now, without ending it. Payloads are valid until this is called again. */
  contents(): WindowContents {
    this.#payloads.clear();
    return {
      histograms: this.#peek(this.#histograms),
      counters: this.#peek(this.#counters),
      gauges: this.#peek(this.#gauges),
    };
  }

  #peek<Point>(cells: readonly Cell<Point>[]): Point[] {
    return cells.flatMap((cell) => cell.peek(this.#payloads) ?? []);
  }

  /** Begins a new window. */
  reset(): void {
    for (const cell of this.#cells.values()) cell.reset();
  }

  #recordOwn({ name, kind, unit, scale }: Metric, value: number, attributes: Attributes): void {
    const rounded = Math.round(value);
    // What cannot be encoded would cost the whole batch; a quotient by no time at all is infinite.
    if (!(rounded >= 0 && rounded <= Number.MAX_SAFE_INTEGER)) return;
    this.cell({ name, kind, unit, scale, attributes }).record(rounded);
    this.#ownRecords += 1;
  }

  #create(series: Series): AnyCell {
    switch (series.kind) {
      case 'histogram': {
        const cell = new HistogramCell(series, this.#limits.digits);
        this.#histograms.push(cell);
        return cell;
      }
      case 'counter': {
        const cell = new CounterCell(series);
        this.#counters.push(cell);
        return cell;
      }
      case 'gauge': {
        const cell = new GaugeCell(series);
        this.#gauges.push(cell);
        return cell;
      }
    }
  }
}

function keyOf({ name, attributes }: Series): string {
  let key = name;
  for (const [attribute, value] of attributes) key += `\0${attribute}\0${value}`;
  return key;
}
