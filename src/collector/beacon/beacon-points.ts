/**
 * Values of one window, by series, as the points of a batch. Bounded by its views: RECORDS_MAX values,
 * after which it counts what it left out.
 */
import type { Metric } from '../../shared/metric.js';
import type { Attributes, CounterPoint, HistogramPoint, Series } from '../../transport/batch.js';
import { hdrLayout } from '../../transport/hdr-layout.js';
import { HdrPayloads } from '../../transport/hdr-payload.js';

/** As agents have them: percentiles within 0.4 %. */
const LAYOUT = hdrLayout(2, 1, 2 ** 42);
/** 8 bytes each; 200 beacons a second of 100 values fill half of it in a window. */
const RECORDS_MAX = 400_000;

interface Values {
  readonly series: Series;
  readonly values: number[];
}

interface Sum {
  readonly series: Series;
  value: number;
}

/** Values of attributes in the order of the metric's; empty ones are left out. */
type Labels = readonly string[];

export class BeaconPoints {
  readonly #histograms = new Map<string, Values>();
  readonly #counters = new Map<string, Sum>();
  #records = 0;
  #omitted = 0;

  get records(): number {
    return this.#records;
  }

  get omitted(): number {
    return this.#omitted;
  }

  /** A value in the metric's own unit (seconds, a number), `times` times. */
  record(metric: Metric, labels: Labels, value: number, times: number = 1): void {
    if (!this.#hasRoom(times)) return;
    const key = keyOf(metric, labels);
    let found = this.#histograms.get(key);
    if (found === undefined) {
      found = { series: seriesOf(metric, labels), values: [] };
      this.#histograms.set(key, found);
    }
    const whole = Math.round(value * metric.scale);
    for (let i = 0; i < times; i++) found.values.push(whole);
  }

  /** Adds to a counter; nothing when it is nothing. */
  add(metric: Metric, labels: Labels, value: number): void {
    if (value === 0 || !this.#hasRoom(1)) return;
    const key = keyOf(metric, labels);
    const found = this.#counters.get(key);
    if (found === undefined)
      this.#counters.set(key, { series: seriesOf(metric, labels), value: value * metric.scale });
    else found.value += value * metric.scale;
  }

  counters(): CounterPoint[] {
    return [...this.#counters.values()];
  }

  histograms(): HistogramPoint[] {
    const payloads = new HdrPayloads();
    return [...this.#histograms.values()].map(({ series, values }) => {
      const sorted = Float64Array.from(values).sort();
      const count = sorted.length;
      return {
        series,
        count,
        sum: sorted.reduce((sum, value) => sum + value, 0),
        min: sorted[0]!,
        max: sorted[count - 1]!,
        payload: payloads.addValues(sorted, count, LAYOUT),
      };
    });
  }

  #hasRoom(records: number): boolean {
    if (this.#records + records > RECORDS_MAX) {
      this.#omitted += records;
      return false;
    }
    this.#records += records;
    return true;
  }
}

function keyOf({ name }: Metric, labels: Labels): string {
  return JSON.stringify([name, ...labels]);
}

function seriesOf(metric: Metric, labels: Labels): Series {
  const { name, kind, unit, scale } = metric;
  const attributes: Attributes = metric.attributes
    .map((attribute, i) => [attribute, labels[i] ?? ''] as const)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { name, kind, unit, scale, attributes };
}
