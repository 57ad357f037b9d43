/**
 * What every view asks the store for: totals of a metric over the range of the view, by group. A view is
 * an answer of the API that is put together from several queries; nothing is kept.
 */
import type { Metric } from '../../shared/metric.js';
import type { RunningAdvice } from '../advice/start-advice.js';
import { chooseGrid, exactGrid } from '../query/choose-level.js';
import { hoursAround } from '../query/coarser.js';
import type { QueryGroup, QueryResult } from '../query/query-request.js';
import type { Retention } from '../store/data-folder.js';
import type { Store } from '../store/store.js';

export interface ViewRequest {
  readonly service: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
  /** Attributes that all must have, those of the resource too: a version, an instance. */
  readonly where?: readonly (readonly [name: string, value: string])[];
  /** See QueryRequest; reports and rules want what is. */
  readonly mayBeOld?: boolean;
}

export interface ViewSource {
  readonly store: Store;
  readonly retention: Retention;
  readonly now: () => number;
  /** What the advisor found in the database; absent where it was given none. */
  readonly advice?: RunningAdvice | undefined;
}

export interface Wanted {
  readonly metric: string;
  readonly group: readonly string[];
  /** Groupings by some of these names, from the same reading. */
  readonly also?: readonly (readonly string[])[];
  readonly where?: readonly (readonly [name: string, value: string])[];
  /** Groups at most; those with the largest sum are kept. */
  readonly limit?: number;
  /** With the merged histogram of each group. */
  readonly histogram?: boolean;
  /** Without them only counts, sums and extremes are read, which costs a tenth. */
  readonly percentiles?: boolean;
}

/** Of views that add up what lies in several groups. */
export const GROUPS_MAX = 2000;

/**
 * The request over the rows that its range ends in, and of a day and more over whole hours: all metrics and events of a
 * view are then of the same time, and its answer can say which.
 */
export function counted<Request extends ViewRequest>(
  request: Request,
  source: Pick<ViewSource, 'retention' | 'now'>,
): Request {
  const { retention, now } = source;
  const { fromMs, toMs } = chooseGrid(hoursAround(request), undefined, retention, now());
  if (fromMs === request.fromMs && toMs === request.toMs) return request;
  // So widened it may be long enough for wider rows.
  return counted({ ...request, fromMs, toMs }, source);
}

/** Undefined where nothing of the range knows the metric. */
export function totalsOf(
  { store, retention, now }: ViewSource,
  { service, fromMs, toMs, where: whose = [], mayBeOld = false }: ViewRequest,
  {
    metric,
    group,
    also = [],
    where = [],
    limit = GROUPS_MAX,
    histogram = false,
    percentiles = true,
  }: Wanted,
): Promise<QueryResult | undefined> {
  const grid = exactGrid({ fromMs, toMs }, retention, now());
  const all = [...whose, ...where];
  const asked = {
    metric,
    service,
    ...grid,
    group,
    where: all,
    mayBeOld,
    ...(also.length > 0 && { also }),
  };
  // No view tells where the data of a metric begins and ends, so that is not looked for among minutes.
  return store.query({ ...asked, histogram, percentiles, coarse: true, limit });
}

/** The groups of a metric, none where it is not known. */
export async function groupsOf(
  source: ViewSource,
  request: ViewRequest,
  metric: Metric,
  group: readonly string[],
): Promise<readonly QueryGroup[]> {
  const result = await totalsOf(source, request, { metric: metric.name, group });
  return result?.groups ?? [];
}

/** The same without percentiles. */
export async function sumsOf(
  source: ViewSource,
  request: ViewRequest,
  metric: Metric,
  group: readonly string[],
): Promise<readonly QueryGroup[]> {
  const wanted = { metric: metric.name, group, percentiles: false };
  return (await totalsOf(source, request, wanted))?.groups ?? [];
}

/** What tells groups apart, as one text. */
export function keyOf(
  attributes: Readonly<Record<string, string>>,
  names: readonly string[],
): string {
  return JSON.stringify(names.map((name) => attributes[name] ?? ''));
}
