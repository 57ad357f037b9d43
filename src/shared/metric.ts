/**
 * What a metric is, and how families of them are written down. Values travel as integers of
 * `1 / scale` of the unit: seconds as microseconds (scale 1e6), ratios as ten-thousandths (scale
 * 1e4), bytes and counts as they are.
 */

/** How values of a metric are folded: a distribution, a sum, or the state at sampling times. */
export type MetricKind = 'histogram' | 'counter' | 'gauge';

/** The value of every attribute of a series that stands for those past a limit. */
export const OTHER = '(other)';

export interface Metric {
  readonly name: string;
  readonly kind: MetricKind;
  /** UCUM unit as OpenTelemetry writes it, for values divided by `scale`. */
  readonly unit: string;
  readonly scale: number;
  readonly description: string;
  readonly attributes: readonly string[];
}

export interface Unit {
  readonly unit: string;
  readonly scale: number;
}

export const SECONDS: Unit = { unit: 's', scale: 1_000_000 };
export const BYTES: Unit = { unit: 'By', scale: 1 };
export const RATIO: Unit = { unit: '1', scale: 10_000 };
export const COUNT: Unit = { unit: '{count}', scale: 1 };

type Define = (
  name: string,
  unit: Unit,
  description: string,
  attributes?: readonly string[],
) => Metric;

/** Definers of the three kinds; each metric they make is also in `metrics`, in order. */
export interface Family {
  readonly metrics: readonly Metric[];
  readonly histogram: Define;
  readonly counter: Define;
  readonly gauge: Define;
}

export function createFamily(): Family {
  const metrics: Metric[] = [];
  const definer =
    (kind: MetricKind): Define =>
    (name, unit, description, attributes = []) => {
      const metric = { name, kind, ...unit, description, attributes };
      metrics.push(metric);
      return metric;
    };
  return {
    metrics,
    histogram: definer('histogram'),
    counter: definer('counter'),
    gauge: definer('gauge'),
  };
}
