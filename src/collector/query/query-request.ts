/**
 * A query and its answer, as they pass between the API, the store and the query pool: plain data.
 * Values in answers are in the metric's unit; inside, whole numbers of `1 / scale` of it.
 */
import type { MetricKind } from '../../shared/metric.js';
import type { Level } from '../store/data-folder.js';

/** What a query can be of: days are read where they hold the same as hours, and a range begins and ends with an hour. */
export type AskedLevel = Exclude<Level, 'day'>;

export interface QueryRequest {
  readonly metric: string;
  readonly service: string | undefined;
  /** A multiple of the level's width, or of the step. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Undefined: totals only. */
  readonly stepMs: number | undefined;
  readonly level: AskedLevel;
  /** Attributes to group by; `*` makes each series a group, an empty list one of all. */
  readonly group: readonly string[] | '*';
  readonly where: readonly (readonly [name: string, value: string])[];
  readonly histogram: boolean;
  /**
   * Coarser groupings of the same rows, each by some of the names of `group`, of whole ranges: to fold groups once more
   * costs a fraction of reading them again.
   */
  readonly also?: readonly (readonly string[])[];
  /** Of a histogram: where to cut its values apart, ascending, in whole numbers of `1 / scale`. */
  readonly bounds?: readonly number[];
  /** Of a histogram: without them they are NaN, and its buckets are read for `histogram` and `bounds` alone. */
  readonly percentiles?: boolean;
  /** Hours will do where minutes would be many: for the steps of a day's curve, and for where data begins and ends. */
  readonly coarse?: boolean;
  /** For a page, which asks again: an answer of some seconds ago will do (../store/answer-cache.ts). */
  readonly mayBeOld?: boolean;
  /** Of windows as they were received: only those of which the greater part is later. */
  readonly mostlyAfterMs?: number;
  /** Groups at most; those with the largest sum are kept. */
  readonly limit: number;
}

export interface HistogramStats {
  count: number;
  /** Observations a second. */
  rate: number;
  sum: number;
  mean: number;
  min: number;
  max: number;
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  p99_9: number;
  /** The merged HdrHistogram, compressed V2 in base64, of whole numbers of `1 / scale`. */
  histogram?: string;
  /** How many values lie up to each of the `bounds`, and above the last. */
  cells?: number[];
}

export interface CounterStats {
  value: number;
  /** Of the unit, a second. */
  rate: number;
}

export interface GaugeStats {
  /** The newest sample; over several series the mean of their newest samples. */
  last: number;
  mean: number;
  min: number;
  max: number;
}

export type Stats = HistogramStats | CounterStats | GaugeStats;

export interface QueryGroup {
  readonly attributes: Record<string, string>;
  readonly total: Stats;
  /** Steps with data, ascending. Empty without a step. */
  readonly points: readonly (Stats & { timeMs: number })[];
}

export interface QueryResult {
  readonly metric: string;
  readonly kind: MetricKind;
  readonly unit: string;
  readonly scale: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number | null;
  /** Width of the rows that were read. */
  readonly resolution: '10s' | '1m' | '1h';
  /** Start of the first and end of the last window found; null without data. */
  readonly dataFromMs: number | null;
  readonly dataToMs: number | null;
  /**
   * What rates are over: from the first window's start to the last one's end, of any metric of the
   * processes asked for, of windows that began in the range; null when there is none.
   */
  readonly recordedFromMs: number | null;
  readonly recordedToMs: number | null;
  readonly groups: readonly QueryGroup[];
  /** By `also`, in its order; absent without it, and where there are more groups than the limit, for these are then not all. */
  readonly also?: readonly (readonly QueryGroup[])[];
  /** Groups there are; `groups` holds the largest `limit` of them. */
  readonly groupsTotal: number;
  /** Other definitions of the same name, whose data is not in the answer. */
  readonly excluded: readonly { kind: string; unit: string; scale: number }[];
}

export const RESOLUTIONS: Readonly<Record<AskedLevel, QueryResult['resolution']>> = {
  raw: '10s',
  minute: '1m',
  hour: '1h',
};
