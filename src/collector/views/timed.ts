/** What a row of a view tells of calls that were timed. Times in seconds. Pure. */
import type { HistogramStats } from '../query/query-request.js';
import type { Tally } from './tallies.js';

export interface Timed {
  readonly calls: number;
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Spent in all calls. */
  readonly total: number;
  /** Share of calls that failed; of requests those answered 5xx, too. */
  readonly errorRatio: number;
}

export function timedOf(stats: HistogramStats, tally: Tally | undefined): Timed {
  const { count, rate, p50, p95, p99, max, sum } = stats;
  const errorRatio = (tally?.errors ?? 0) / count;
  return { calls: count, rate, p50, p95, p99, max, total: sum, errorRatio };
}
