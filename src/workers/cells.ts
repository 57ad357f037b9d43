/**
 * What one series holds of the open window. A cell lives as long as its series is known; a
 * histogram's counts are let go when the series has been idle for IDLE_WINDOWS_MAX windows.
 *
 * Values are whole numbers from 0 to VALUE_CEILING: clamped before the histogram sees them, because
 * hdr-histogram-js counts NaN silently and does not always refuse what is above its range.
 */
import { SCALED_BY, VALUE_MAX } from '../shared/ring-layout.js';
import type { CounterPoint, GaugePoint, HistogramPoint, Series } from '../transport/batch.js';
import { QuickHistogram } from '../transport/quick-histogram.js';

/** Largest value a ring can carry: 49 days in µs, 4 TiB in bytes. */
const VALUE_CEILING: number = VALUE_MAX * SCALED_BY;
const IDLE_WINDOWS_MAX = 6;

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
  /** What the window holds, or undefined when nothing came. */
  peek(): Point | undefined;
  /** Begins a new window. */
  reset(): void;
}

export class HistogramCell implements Cell<HistogramPoint> {
  readonly series: Series;
  readonly isBackground: boolean;
  readonly #digits: number;
  #histogram: QuickHistogram | undefined;
  #count = 0;
  #sum = 0;
  #min = 0;
  #max = 0;
  #idleWindows = 0;
  /** The payload is encoded again only when something was recorded since: see `checkpoint`. */
  #payload: Uint8Array | undefined;

  constructor(series: Series, digits: number) {
    this.series = series;
    this.isBackground = isBackgroundSeries(series);
    this.#digits = digits;
  }

  record(value: number): void {
    const bounded = Math.min(value, VALUE_CEILING);
    this.#histogram ??= new QuickHistogram(this.#digits);
    this.#histogram.record(bounded);
    if (this.#count === 0 || bounded < this.#min) this.#min = bounded;
    if (bounded > this.#max) this.#max = bounded;
    this.#count += 1;
    this.#sum += bounded;
    this.#payload = undefined;
  }

  peek(): HistogramPoint | undefined {
    if (this.#count === 0 || this.#histogram === undefined) return undefined;
    this.#payload ??= this.#histogram.payload(this.#max);
    return {
      series: this.series,
      count: this.#count,
      sum: this.#sum,
      min: this.#min,
      max: this.#max,
      payload: this.#payload,
    };
  }

  reset(): void {
    this.#idleWindows = this.#count === 0 ? this.#idleWindows + 1 : 0;
    if (this.#idleWindows >= IDLE_WINDOWS_MAX) this.#histogram = undefined;
    else if (this.#count > 0) this.#histogram?.reset();
    this.#count = 0;
    this.#sum = 0;
    this.#min = 0;
    this.#max = 0;
    this.#payload = undefined;
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
