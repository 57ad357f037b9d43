/** A histogram of the store as rows by the attributes that tell its calls apart, the costliest first. */
import type { Metric } from '../../../shared/metric.js';
import type { HistogramStats } from '../../query/query-request.js';
import { totalsOf, type ViewRequest, type ViewSource } from '../../views/view-request.js';
import type { Calls } from './evidence.js';

const ROWS_MAX = 500;

export async function callsOf(
  source: ViewSource,
  request: ViewRequest,
  metric: Metric,
  group: readonly string[],
  where: readonly (readonly [name: string, value: string])[] = [],
): Promise<readonly Calls[]> {
  const wanted = { metric: metric.name, group, where, limit: ROWS_MAX };
  const result = await totalsOf(source, request, wanted);
  return (result?.groups ?? []).map(({ attributes, total }) => {
    const { count, sum, mean, min, max, p50, p95, p99 } = total as HistogramStats;
    return { names: attributes, calls: count, total: sum, mean, min, max, p50, p95, p99 };
  });
}
