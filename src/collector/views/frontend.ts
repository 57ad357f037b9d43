/** Pages as browsers saw them: vitals against their limits, pages, devices, connections. */

import type { Vital } from '../../shared/beacon-view.js';
import {
  BROWSER_ERRORS,
  BROWSER_PAGE_VIEWS,
  CONNECTION,
  DEVICE,
  PAGE,
} from '../../shared/browser-metrics.js';
import { PERCENTILE_SAMPLES_MIN } from '../../shared/budget.js';
import { limitOf } from '../../shared/budget-settings.js';
import { FRONTEND_BUDGETS } from '../../shared/frontend-budgets.js';
import { type Rating, VITAL_LIMITS, type VitalLimits } from '../../shared/vital-limits.js';
import type { CounterStats, QueryGroup } from '../query/query-request.js';
import { settingsOf } from './budget-states.js';
import { type FrontendCalls, frontendCalls } from './frontend-calls.js';
import { type ReadGroup, readGroups, Spread, spreads } from './spread.js';
import { groupsOf, totalsOf, type ViewRequest, type ViewSource } from './view-request.js';

/** Times in seconds; percentiles are null of fewer than 20 values. */
export interface VitalRow {
  readonly name: string;
  readonly unit: string;
  readonly p75: number | null;
  readonly p95: number | null;
  readonly samples: number;
  /** Page views by rating. */
  readonly good: number;
  readonly needsImprovement: number;
  readonly poor: number;
  /** Of p75, as Chrome's field data has it. */
  readonly rating: Rating | null;
  /** Of the budget; of what has none, the most that is good. */
  readonly limit: number;
}

/** 75th percentiles. */
export interface PageRow {
  readonly page: string;
  readonly views: number;
  readonly lcp: number | null;
  readonly inp: number | null;
  readonly cls: number | null;
  readonly fcp: number | null;
  readonly ttfb: number | null;
  readonly load: number | null;
  readonly errors: number;
}

interface VisitRow {
  readonly views: number;
  readonly lcp: number | null;
  readonly inp: number | null;
}

export interface Frontend extends FrontendCalls {
  readonly vitals: readonly VitalRow[];
  readonly pages: readonly PageRow[];
  readonly devices: readonly (VisitRow & { readonly device: string })[];
  readonly connections: readonly (VisitRow & { readonly connection: string })[];
}

const P75 = 750;
const P95 = 950;

type ByVital = ReadonlyMap<string, readonly ReadGroup[]>;

export async function frontendOf(source: ViewSource, request: ViewRequest): Promise<Frontend> {
  const [vitalGroups, views, errors, instances, calls] = await Promise.all([
    Promise.all(VITAL_LIMITS.map((limits) => visitsOf(source, request, limits))),
    groupsOf(source, request, BROWSER_PAGE_VIEWS, [PAGE, DEVICE, CONNECTION]),
    groupsOf(source, request, BROWSER_ERRORS, [PAGE]),
    source.store.instances(request.service),
    frontendCalls(source, request),
  ]);
  const byVital: ByVital = new Map(
    VITAL_LIMITS.map(({ vital }, i) => [vital, vitalGroups[i] as readonly ReadGroup[]]),
  );
  const settings = settingsOf(instances);
  return {
    vitals: VITAL_LIMITS.map((limits) => {
      const budget = FRONTEND_BUDGETS.find(({ name }) => name === limits.budget);
      const limit = budget === undefined ? limits.goodMax : limitOf(budget, settings);
      return vitalRow(limits, byVital.get(limits.vital)!, limit);
    }),
    pages: pageRows(byVital, views, errors).slice(0, request.limit),
    devices: visitRows(byVital, views, DEVICE).map(([device, row]) => ({ device, ...row })),
    connections: visitRows(byVital, views, CONNECTION).map(([connection, row]) => ({
      connection,
      ...row,
    })),
    ...calls,
  };
}

async function visitsOf(
  source: ViewSource,
  request: ViewRequest,
  { metric }: VitalLimits,
): Promise<readonly ReadGroup[]> {
  const group = [PAGE, DEVICE, CONNECTION];
  const wanted = { metric: metric.name, group, histogram: true, percentiles: false };
  return readGroups((await totalsOf(source, request, wanted))?.groups ?? []);
}

/** Limits are in ms, but for CLS, which has no time; values and answers in seconds. */
function vitalRow(limits: VitalLimits, groups: readonly ReadGroup[], limit: number): VitalRow {
  const { vital, metric, goodMax, poorAbove } = limits;
  const factor = vital === 'CLS' ? 1 : 1000;
  const spread = spreads(metric, groups).get('') ?? new Spread(metric);
  const { count } = spread;
  const above = spread.countAbove(goodMax / factor);
  const poor = spread.countAbove(poorAbove / factor);
  return {
    name: vital,
    unit: metric.unit,
    p75: spread.percentile(P75),
    p95: spread.percentile(P95),
    samples: count,
    good: count - above,
    needsImprovement: above - poor,
    poor,
    rating: count < PERCENTILE_SAMPLES_MIN ? null : ratingOfP75(count, above, poor),
    limit: limit / factor,
  };
}

/** By where the value lies whose rank is that of the 75th percentile. */
function ratingOfP75(count: number, above: number, poor: number): Rating {
  const rank = Math.ceil((count * P75) / 1000);
  if (count - above >= rank) return 'good';
  return count - poor >= rank ? 'needs-improvement' : 'poor';
}

function pageRows(
  byVital: ByVital,
  views: readonly QueryGroup[],
  errors: readonly QueryGroup[],
): PageRow[] {
  const p75 = p75By(byVital, PAGE);
  const errorsOf = countBy(errors, PAGE);
  return [...countBy(views, PAGE)]
    .sort(([, a], [, b]) => b - a)
    .map(([page, count]) => ({
      page,
      views: count,
      lcp: p75('LCP', page),
      inp: p75('INP', page),
      cls: p75('CLS', page),
      fcp: p75('FCP', page),
      ttfb: p75('TTFB', page),
      load: p75('load', page),
      errors: errorsOf.get(page) ?? 0,
    }));
}

function visitRows(
  byVital: ByVital,
  views: readonly QueryGroup[],
  attribute: string,
): [string, VisitRow][] {
  const p75 = p75By(byVital, attribute);
  return [...countBy(views, attribute)]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => [name, { views: count, lcp: p75('LCP', name), inp: p75('INP', name) }]);
}

function p75By(byVital: ByVital, attribute: string) {
  // Merged when first asked for: of devices and connections two vitals are.
  const merged = new Map<Vital, ReadonlyMap<string, Spread>>();
  return (vital: Vital, name: string): number | null => {
    const known = merged.get(vital);
    const { metric } = VITAL_LIMITS.find((limits) => limits.vital === vital)!;
    const found = known ?? spreads(metric, byVital.get(vital)!, attribute);
    if (known === undefined) merged.set(vital, found);
    return found.get(name)?.percentile(P75) ?? null;
  };
}

function countBy(groups: readonly QueryGroup[], attribute: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { attributes, total } of groups) {
    const name = attributes[attribute] ?? '';
    counts.set(name, (counts.get(name) ?? 0) + (total as CounterStats).value);
  }
  return counts;
}
