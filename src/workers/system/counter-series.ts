/**
 * Running totals of the system, reported as what was added since the sample before.
 *
 * The first total only sets the baseline: what happened before the agent came is not its window's.
 * A total below the baseline (a 32-bit wrap, a device unplugged and back, a restarted counter) sets
 * a new one and reports nothing, so a delta is never negative and never the size of a wrap.
 */
import type { Metric } from '../../shared/metric.js';
import type { Attributes } from '../../transport/batch.js';
import type { Sink } from '../sink.js';

/**
 * Takes the total now; returns what was added, in the metric's integers, or NaN when that is not
 * known. A total that is NaN (not readable this time) leaves the baseline as it is.
 */
export type CounterSeries = (total: number) => number;

/**
 * `factor` turns the source's unit into `1 / metric.scale` of the metric's. A total that has never
 * left 0 is not reported: otherwise every idle interface and error counter would be a series.
 */
export function createCounterSeries(
  sink: Sink,
  metric: Metric,
  factor: number,
  attributes?: Attributes,
): CounterSeries {
  let baseline = Number.NaN;
  return (total) => {
    // Rounded as a total, not as a delta, so that fractions are not lost round by round.
    const value = Math.floor(total * factor);
    if (Number.isNaN(value)) return value;
    const delta = value - baseline;
    baseline = value;
    if (Number.isNaN(delta) || delta < 0) return Number.NaN;
    if (value > 0) sink.add(metric, delta, attributes);
    return delta;
  };
}
