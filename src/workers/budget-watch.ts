/**
 * Compares what a window holds with the budgets, when it closes. A group whose greatest value is within
 * its limit costs a comparison; only the others are decoded. Runs in the agent's worker. Bounded:
 * BREACHES_MAX a window, those that are farthest over their limits.
 */

import { type Budget, type BudgetSource, samplesMinOf } from '../shared/budget.js';
import { groupOf, inUnit } from '../shared/budget-groups.js';
import { type BudgetSettings, limitOf } from '../shared/budget-settings.js';
import { BUDGETS } from '../shared/budgets.js';
import type { BatchEvent, CounterPoint, GaugePoint, HistogramPoint } from '../transport/batch.js';
import { type Breach, breachEvent } from '../transport/breach-event.js';
import { MergedHistogram } from '../transport/merged-histogram.js';
import { groupedBy } from './grouped-by.js';
import type { WindowContents } from './window.js';

const BREACHES_MAX = 50;
const PERMILLES = { p95: 950, p99: 990 } as const;

type Point = HistogramPoint | CounterPoint | GaugePoint;

/** A budget that has data in this version. */
export type Sourced = Budget & { readonly source: BudgetSource };

export interface PointGroup<Kind> {
  readonly attributes: Readonly<Record<string, string>>;
  readonly points: Kind[];
}

/** What was seen of one group, in the unit of its budget. */
interface Seen {
  readonly value: number;
  readonly count: number;
  readonly above: number;
}

export class BudgetWatch {
  readonly #settings: BudgetSettings;
  readonly #byMetric: ReadonlyMap<string, readonly Sourced[]>;

  constructor(settings: BudgetSettings) {
    this.#settings = settings;
    const sourced = BUDGETS.filter((row): row is Sourced => typeof row.source !== 'string');
    this.#byMetric = groupedBy(sourced, ({ source }) => source.metric);
  }

  /** The breaches of a window that closes at `timeMs`. */
  breaches(contents: WindowContents, timeMs: number): BatchEvent[] {
    const found: Breach[] = [
      ...this.#judge(contents.histograms, ofHistogram),
      ...this.#judge(contents.counters, ofCounter),
      ...this.#judge(contents.gauges, (budget, group, limit) =>
        ofGauge(budget, group, limit, divisorOf(budget, group, contents.gauges)),
      ),
    ];
    return found
      .sort((a, b) => excessOf(b) - excessOf(a))
      .slice(0, BREACHES_MAX)
      .map((breach) => breachEvent(breach, timeMs));
  }

  *#judge<Kind extends Point>(
    points: readonly Kind[],
    see: (budget: Sourced, group: PointGroup<Kind>, limit: number) => Seen | undefined,
  ): Generator<Breach> {
    const byMetric = groupedBy(points, ({ series }) => series.name);
    for (const [metric, ofMetric] of byMetric) {
      for (const budget of this.#byMetric.get(metric) ?? []) {
        for (const group of groupsOf(budget, ofMetric, this.#settings)) {
          const limit = limitOf(budget, this.#settings, group.attributes);
          const seen = see(budget, group, limit);
          if (seen === undefined || seen.count < samplesMinOf(budget)) continue;
          if (seen.value <= limit) continue;
          const { name, unit } = budget;
          yield { budget: name, limit, unit, attributes: group.attributes, ...seen };
        }
      }
    }
  }
}

export function groupsOf<Kind extends Point>(
  { source }: Sourced,
  points: readonly Kind[],
  settings: BudgetSettings,
): Iterable<PointGroup<Kind>> {
  const groups = new Map<string, PointGroup<Kind>>();
  for (const point of points) {
    const attributes = groupOf(source, Object.fromEntries(point.series.attributes), settings);
    if (attributes === undefined) continue;
    const key = JSON.stringify(attributes);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { attributes, points: [point] });
    else group.points.push(point);
  }
  return groups.values();
}

function ofHistogram(
  { unit, statistic }: Sourced,
  { points }: PointGroup<HistogramPoint>,
  limit: number,
): Seen | undefined {
  const { scale } = points[0]!.series;
  const max = Math.max(...points.map((point) => point.max));
  if (inUnit(max / scale, unit) <= limit) return undefined;
  const merged = new MergedHistogram();
  for (const { payload } of points) merged.add(payload);
  const min = Math.min(...points.map((point) => point.min));
  const value =
    statistic === 'p95' || statistic === 'p99'
      ? merged.percentiles([PERMILLES[statistic]], { min, max })[0]!
      : max;
  return {
    value: inUnit(value / scale, unit),
    count: merged.count,
    // The slot of the greatest value may have its middle below the limit.
    above: Math.max(1, merged.countAbove((limit / inUnit(1, unit)) * scale)),
  };
}

/** Undefined where there is nothing that the mean could be a part of. */
export function ofGauge(
  { unit }: Sourced,
  { points }: PointGroup<GaugePoint>,
  limit: number,
  divisor: number,
): Seen | undefined {
  if (!(divisor > 0)) return undefined;
  const count = points.reduce((total, point) => total + point.count, 0);
  const value = inUnit(meanOf(points) / divisor, unit);
  return { value, count, above: value > limit ? count : 0 };
}

/** The mean of what the budget's gauge is a part of, in the same group; 1 when it stands for itself. */
export function divisorOf(
  { source: { over, by } }: Sourced,
  { attributes }: PointGroup<GaugePoint>,
  gauges: readonly GaugePoint[],
): number {
  if (over === undefined) return 1;
  const isOfGroup = ({ series }: GaugePoint): boolean => {
    const own = Object.fromEntries(series.attributes);
    return series.name === over && by.every((name) => own[name] === attributes[name]);
  };
  return meanOf(gauges.filter(isOfGroup));
}

/** NaN of none. */
export function meanOf(points: readonly GaugePoint[]): number {
  const count = points.reduce((total, point) => total + point.count, 0);
  const sum = points.reduce((total, { sum, series }) => total + sum / series.scale, 0);
  return sum / count;
}

export function ofCounter(
  { unit, source }: Sourced,
  { points }: PointGroup<CounterPoint>,
): Seen | undefined {
  const { part } = source;
  if (part === undefined) return undefined;
  const total = sumOf(points);
  const above = sumOf(
    points.filter(({ series }) =>
      series.attributes.some(([name, value]) => name === part[0] && value === part[1]),
    ),
  );
  return { value: inUnit(above / total, unit), count: total, above };
}

function sumOf(points: readonly CounterPoint[]): number {
  return points.reduce((sum, { value }) => sum + value, 0);
}

/** How many times its limit a breach is. */
function excessOf({ value, limit }: Breach): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : value / limit;
}
