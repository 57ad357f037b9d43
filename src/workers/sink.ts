/**
 * Where the worker's own sources (the system sampler, self-cost) put what they measure. Values are
 * whole numbers of `1 / metric.scale` of the unit; a fraction is rounded, NaN and negatives are not
 * recorded.
 */
import type { Metric } from '../shared/metric.js';
import type { Attributes } from '../transport/batch.js';

export interface Sink {
  /** One observation of a histogram. */
  observe(metric: Metric, value: number, attributes?: Attributes): void;
  /** Adds to a counter. */
  add(metric: Metric, delta: number, attributes?: Attributes): void;
  /** The state of a gauge now. */
  set(metric: Metric, value: number, attributes?: Attributes): void;
}
