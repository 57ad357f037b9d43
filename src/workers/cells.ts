/**
 * What one series holds of the open window. A cell lives as long as its series is known. Values of a
 * histogram are kept as they came while they are few, else in a histogram, which is let go when the
 * series has had few for QUIET_WINDOWS_MAX windows. In a steady state no cell allocates what outlives
 * a second: what does would be the old generation's garbage, window by window.
 *
 * Values are whole numbers from 0 to VALUE_CEILING: clamped before the histogram sees them, because
 * hdr-histogram-js counts NaN silently and does not always refuse what is above its range.
 */
import { SCALED_BY, VALUE_MAX } from '../shared/ring-layout.js';
import type { CounterPoint, GaugePoint, HistogramPoint, Series } from '../transport/batch.js';
import type { HdrPayloads } from '../transport/hdr-payload.js';
import { QuickHistogram } from '../transport/quick-histogram.js';
import { FEW_MAX, FewValues } from './few-values.js';

/** Largest value a ring can carry: 49 days in µs, 4 TiB in bytes. */
const VALUE_CEILING: number = VALUE_MAX * SCALED_BY;
/** Ten minutes: a series that is busy now and then keeps its histogram. */
const QUIET_WINDOWS_MAX = 60;

/** Metrics that are sampled by the clock: an idle process records them too. */
const BACKGROUND =
  /^(?:nodejs|v8js|process|system|container|tachograph\.agent|http\.server\.active_requests)\b/;

/** True when a series says nothing of the application's own work. */
function isBackgroundSeries({ name }: Series): boolean {
  return BACKGROUND.test(name);
}

export interface Cell<Point> {
  readonly series: Series;
  /** Losing the last seconds of it matters less than waking an idle machine to save it. */
  readonly isBackground: boolean;
  /** Adds one value, as it came from the ring. */
  record(value: number): void;
  /** What the window holds, or undefined when nothing came. A payload lies in `payloads`. */
  peek(payloads: HdrPayloads): Point | undefined;
  /** Begins a new window. */
  reset(): void;
}

export class HistogramCell implements Cell<HistogramPoint> {
  readonly series: Series;
  readonly isBackground: boolean;
  readonly #digits: number;
  /** None until the first value: many series of a catalogue never have one. */
  #few: FewValues | undefined;
  #histogram: QuickHistogram | undefined;
  #count = 0;
  #sum = 0;
  #min = 0;
  #max = 0;
  #quietWindows = 0;

  constructor(series: Series, digits: number) {
    this.series = series;
    this.isBackground = isBackgroundSeries(series);
    this.#digits = digits;
  }

  record(value: number): void {
    const bounded = Math.min(value, VALUE_CEILING);
    if (this.#histogram !== undefined) this.#histogram.record(bounded);
    else this.#keep(bounded);
    if (this.#count === 0 || bounded < this.#min) this.#min = bounded;
    if (bounded > this.#max) this.#max = bounded;
    this.#count += 1;
    this.#sum += bounded;
  }

  #keep(value: number): void {
    this.#few ??= new FewValues();
    if (this.#few.add(value)) return;
    this.#histogram = new QuickHistogram(this.#digits);
    this.#few.moveTo(this.#histogram);
    this.#histogram.record(value);
  }

  peek(payloads: HdrPayloads): HistogramPoint | undefined {
    if (this.#count === 0) return undefined;
    return {
      series: this.series,
      count: this.#count,
      sum: this.#sum,
      min: this.#min,
      max: this.#max,
      payload:
        this.#histogram?.payload(this.#max, payloads) ?? this.#few!.payload(this.#digits, payloads),
    };
  }

  reset(): void {
    this.#quietWindows = this.#count <= FEW_MAX ? this.#quietWindows + 1 : 0;
    if (this.#quietWindows >= QUIET_WINDOWS_MAX) this.#histogram = undefined;
    else if (this.#count > 0) this.#histogram?.reset();
    this.#few?.clear();
    this.#count = 0;
    this.#sum = 0;
    this.#min = 0;
    this.#max = 0;
  }
}

export class CounterCell implements Cell<CounterPoint> {
  readonly series: Series;
  readonly isBackground: boolean;
  #value = 0;

  constructor(series: Series) {
    this.series = series;
    this.isBackground = isBackgroundSeries(series);
  }

  record(value: number): void {
    this.#value += value;
  }

  peek(): CounterPoint | undefined {
    return this.#value === 0 ? undefined : { series: this.series, value: this.#value };
  }

  reset(): void {
    this.#value = 0;
  }
}

export class GaugeCell implements Cell<GaugePoint> {
  readonly series: Series;
  readonly isBackground: boolean;
  #count = 0;
  #sum = 0;
  #min = 0;
  #max = 0;
  #last = 0;

  constructor(series: Series) {
    this.series = series;
    this.isBackground = isBackgroundSeries(series);
  }

  record(value: number): void {
    if (this.#count === 0 || value < this.#min) this.#min = value;
    if (this.#count === 0 || value > this.#max) this.#max = value;
    this.#count += 1;
    this.#sum += value;
    this.#last = value;
  }

  peek(): GaugePoint | undefined {
    if (this.#count === 0) return undefined;
    return {
      series: this.series,
      count: this.#count,
      sum: this.#sum,
      min: this.#min,
      max: this.#max,
      last: this.#last,
    };
  }

  reset(): void {
    this.#count = 0;
    this.#sum = 0;
    this.#min = 0;
    this.#max = 0;
    this.#last = 0;
  }
}
