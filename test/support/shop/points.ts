/** Points of the catalogue's metrics, as an agent makes them, from values in the metric's own unit. */
import type { Metric } from '../../../src/shared/metric.js';
import type {
  Attributes,
  CounterPoint,
  GaugePoint,
  HistogramPoint,
  Series,
} from '../../../src/transport/batch.js';
import { payloadOf } from '../../collector/make-batch.js';

export function histogram(
  metric: Metric,
  pairs: Readonly<Record<string, string>>,
  values: readonly number[],
): HistogramPoint {
  const whole = values.map((value) => Math.round(value * metric.scale));
  return {
    series: seriesOf(metric, pairs),
    count: whole.length,
    sum: whole.reduce((sum, value) => sum + value, 0),
    min: Math.min(...whole),
    max: Math.max(...whole),
    payload: payloadOf(whole),
  };
}

export function gauge(
  metric: Metric,
  pairs: Readonly<Record<string, string>>,
  value: number,
): GaugePoint {
  const whole = Math.round(value * metric.scale);
  const all = { sum: whole, min: whole, max: whole, last: whole };
  return { series: seriesOf(metric, pairs), count: 1, ...all };
}

export function counter(
  metric: Metric,
  pairs: Readonly<Record<string, string>>,
  value: number,
): CounterPoint {
  return { series: seriesOf(metric, pairs), value: Math.round(value * metric.scale) };
}

/** Sorted by name; an absent value is left out. */
export function attributesOf(pairs: Readonly<Record<string, string>>): Attributes {
  return Object.entries(pairs)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function seriesOf(
  { name, kind, unit, scale }: Metric,
  pairs: Readonly<Record<string, string>>,
): Series {
  return { name, kind, unit, scale, attributes: attributesOf(pairs) };
}
