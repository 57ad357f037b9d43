/**
 * What a budget is, and how families of them are written down. A budget is compared with a statistic
 * of what a metric holds, for each group of its attributes apart (each route, each template), never
 * with a mean of times. Pure data, for every room.
 */
import type { Metric } from './metric.js';

export type BudgetLayer =
  | 'frontend'
  | 'application'
  | 'api'
  | 'database'
  | 'business'
  | 'infrastructure';

/** Of limits and values: milliseconds, whole percent, or a plain number. */
export type BudgetUnit = 'ms' | '%' | 'number';

/**
 * `p95`, `p99` and `max` of a histogram; `mean` of the samples of a gauge, where the source says so of the
 * mean of another; `share` of a counter: what has the attributes of `part`, of all.
 */
export type Statistic = 'p95' | 'p99' | 'max' | 'mean' | 'share';

/** Routes of views, or of the administration; what no route took is neither. */
export type RouteKind = 'views' | 'admin';

/** Where a budget's values come from. */
export interface BudgetSource {
  readonly metric: string;
  /** Attributes by which groups are told apart, of the series or of its process, of which an agent has but one. */
  readonly by: readonly string[];
  /** What the attributes of a series must be. */
  readonly where?: Readonly<Record<string, string>>;
  readonly routes?: RouteKind;
  /** Of `share`: the attribute and value that are counted. */
  readonly part?: readonly [name: string, value: string];
  /** Of `mean`: the gauge by whose mean of the same group it is divided. */
  readonly over?: string;
}

export interface Budget {
  readonly name: string;
  readonly layer: BudgetLayer;
  readonly limit: number;
  readonly unit: BudgetUnit;
  readonly statistic: Statistic;
  /** What is measured, in words. */
  readonly measured: string;
  /** Or why there is no data in this version. */
  readonly source: BudgetSource | string;
}

/** Percentiles of fewer values say nothing; a maximum, a gauge and a share always do. */
export const PERCENTILE_SAMPLES_MIN = 20;

export function samplesMinOf({ statistic }: Budget): number {
  switch (statistic) {
    case 'p95':
    case 'p99':
    case 'share':
      return PERCENTILE_SAMPLES_MIN;
    case 'max':
    case 'mean':
      return 1;
  }
}

type Rest = Partial<Pick<Budget, 'unit' | 'statistic'>>;
type Define = (
  name: string,
  limit: number,
  measured: string,
  source: BudgetSource | string,
  rest?: Rest,
) => Budget;

/** Makes rows of a layer: milliseconds and p95 unless `rest` says otherwise. */
export function budgetsOf(layer: BudgetLayer): Define {
  return (name, limit, measured, source, rest = {}) => ({
    name,
    layer,
    limit,
    unit: rest.unit ?? 'ms',
    statistic: rest.statistic ?? 'p95',
    measured,
    source,
  });
}

/** A metric as the source of a budget, its groups told apart by `by`. */
export function from(
  metric: Metric,
  by: readonly string[] = [],
  rest: Pick<BudgetSource, 'where' | 'routes' | 'part' | 'over'> = {},
): BudgetSource {
  return { metric: metric.name, by, ...rest };
}
