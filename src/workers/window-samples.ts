/**
 * A window as rules judge it: what one process can tell of response time, errors, CPU, memory and every budget.
 * Runs in the agent's worker, at the end of a window, on the window's own buffers. A histogram is decoded only
 * where its greatest value is not clear by itself.
 */
import { type Answered, failedShare } from '../alerts/burn-rate.js';
import type { Rule } from '../alerts/rule.js';
import type { Sample } from '../alerts/sample.js';
import { inUnit } from '../shared/budget-groups.js';
import { type BudgetSettings, limitOf } from '../shared/budget-settings.js';
import { BUDGETS } from '../shared/budgets.js';
import type { Metric } from '../shared/metric.js';
import {
  CONTAINER_CPU_UTILIZATION,
  CONTAINER_MEMORY_UTILIZATION,
  HTTP_SERVER_REQUEST_DURATION,
  SYSTEM_CPU_UTILIZATION,
  SYSTEM_MEMORY_UTILIZATION,
} from '../shared/metrics.js';
import type { GaugePoint, HistogramPoint } from '../transport/batch.js';
import { MergedHistogram } from '../transport/merged-histogram.js';
import {
  divisorOf,
  groupsOf,
  meanOf,
  ofCounter,
  ofGauge,
  type PointGroup,
  type Sourced,
} from './budget-watch.js';
import { groupedBy } from './grouped-by.js';
import type { WindowContents } from './window.js';

const PERMILLES = { p95: 950, p99: 990 } as const;
const HOST_GAUGES: readonly (readonly [metric: string, ...gauges: Metric[]])[] = [
  ['cpu', SYSTEM_CPU_UTILIZATION, CONTAINER_CPU_UTILIZATION],
  ['memory', SYSTEM_MEMORY_UTILIZATION, CONTAINER_MEMORY_UTILIZATION],
];

export interface WindowView {
  readonly rules: readonly Rule[];
  readonly settings: BudgetSettings;
  readonly service: string;
  readonly host: string;
}

/** @param timeMs end of the window */
export function windowSamples(
  contents: WindowContents,
  { rules, settings, service, host }: WindowView,
  timeMs: number,
): Sample[] {
  const byMetric = groupedBy(rules, ({ metric }) => metric);
  const of = (metric: string): readonly Rule[] => byMetric.get(metric) ?? [];
  const samples: Sample[] = [];
  const add = (
    metric: string,
    value: number,
    count: number | null,
    rest: Partial<Sample> = {},
  ): void => void samples.push({ metric, service, attributes: {}, value, count, timeMs, ...rest });

  const requests = contents.histograms.filter(
    ({ series }) => series.name === HTTP_SERVER_REQUEST_DURATION.name,
  );
  if (requests.length > 0) {
    const clear = clearBelow(of('response_time'), undefined);
    const { value, count } = percentileOf(requests, 950, 'ms', clear);
    add('response_time', value, count);
    add('error_rate', 100 * failedShare(answeredIn(requests)), count);
  }
  for (const [metric, ...gauges] of HOST_GAUGES) {
    const values = gauges.flatMap(({ name }) => {
      const points = contents.gauges.filter(({ series }) => series.name === name);
      return points.length === 0 ? [] : [100 * meanOf(points)];
    });
    const attributes = { 'host.name': host };
    if (values.length > 0) add(metric, Math.max(...values), null, { service: '', attributes });
  }
  for (const budget of BUDGETS) {
    if (typeof budget.source === 'string' || !byMetric.has(budget.name)) continue;
    samples.push(
      ...budgetSamples(budget as Sourced, contents, settings, of(budget.name), service, timeMs),
    );
  }
  return samples;
}

function budgetSamples(
  budget: Sourced,
  { histograms, counters, gauges }: WindowContents,
  settings: BudgetSettings,
  rules: readonly Rule[],
  service: string,
  timeMs: number,
): Sample[] {
  const samples: Sample[] = [];
  const add = (
    group: PointGroup<unknown>,
    seen: { value: number; count: number | null } | undefined,
  ) => {
    if (seen === undefined) return;
    const { attributes } = group;
    const limit = limitOf(budget, settings, attributes);
    samples.push({ metric: budget.name, service, attributes, timeMs, limit, ...seen });
  };
  const { metric } = budget.source;
  const own = <Point extends { readonly series: { readonly name: string } }>(
    points: readonly Point[],
  ) => points.filter(({ series }) => series.name === metric);
  for (const group of groupsOf(budget, own(histograms), settings)) {
    const clear = clearBelow(rules, limitOf(budget, settings, group.attributes));
    const permille =
      budget.statistic === 'max' ? 1000 : PERMILLES[budget.statistic as 'p95' | 'p99'];
    add(group, percentileOf(group.points, permille, budget.unit, clear));
  }
  for (const group of groupsOf(budget, own(counters), settings)) {
    const seen = ofCounter(budget, group);
    add(group, seen && { value: seen.value, count: seen.count });
  }
  for (const group of groupsOf(budget, own(gauges), settings)) {
    const limit = limitOf(budget, settings, group.attributes);
    const seen = ofGauge(budget, group, limit, divisorOf(budget, group, gauges as GaugePoint[]));
    add(group, seen && { value: seen.value, count: null });
  }
  return samples;
}

/** At or below it every rule is clear. */
function clearBelow(rules: readonly Rule[], limit: number | undefined): number {
  const limits = rules.map(
    ({ takesLimits, threshold, clearRatio }) =>
      (takesLimits ? (limit ?? threshold) : threshold) * clearRatio,
  );
  return Math.min(...limits);
}

/** Of a window whose greatest value is clear, that value. */
function percentileOf(
  points: readonly HistogramPoint[],
  permille: number,
  unit: Parameters<typeof inUnit>[1],
  clear: number,
): { value: number; count: number } {
  const { scale } = points[0]!.series;
  const max = Math.max(...points.map((point) => point.max));
  const count = points.reduce((sum, point) => sum + point.count, 0);
  const greatest = inUnit(max / scale, unit);
  if (greatest <= clear || permille === 1000) return { value: greatest, count };
  const merged = new MergedHistogram();
  for (const { payload } of points) merged.add(payload);
  const min = Math.min(...points.map((point) => point.min));
  const [value = max] = merged.percentiles([permille], { min, max });
  return { value: inUnit(value / scale, unit), count };
}

/** As the collector tells failures: by class of status and type of error, apart from those who went away. */
export function answeredIn(points: readonly HistogramPoint[]): Answered {
  const sum = { calls: 0, aborted: 0, errors: 0 };
  for (const { series, count } of points) {
    const { 'error.type': error = '', 'http.response.status_class': outcome } = Object.fromEntries(
      series.attributes,
    ) as Record<string, string | undefined>;
    sum.calls += count;
    if (error === 'aborted') sum.aborted += count;
    else if (error !== '' || outcome === '5xx') sum.errors += count;
  }
  return sum;
}
