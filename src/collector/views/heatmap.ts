/**
 * How many requests took how long, over time: columns of time, and rows that each are ROWS_A_DECADE-th of
 * a decade. Merged and cut in the query pool; bounded by COLUMNS_MAX columns of as many cells as there are
 * bounds, and one. Times in seconds.
 */
import { stepFor } from '../../shared/chart-steps.js';
import { HTTP_SERVER_REQUEST_DURATION } from '../../shared/metrics.js';
import { chooseGrid } from '../query/choose-level.js';
import type { HistogramStats } from '../query/query-request.js';
import type { ViewRequest, ViewSource } from './view-request.js';

export interface HeatmapRequest extends ViewRequest {
  readonly method: string | undefined;
  readonly route: string | undefined;
}

export interface Heatmap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** As of a query: start of the first window in the range; null when there is none. */
  readonly recordedFromMs: number | null;
  /** Upper ends of the rows, ascending; a last row is above them all. */
  readonly bounds: readonly number[];
  /** Those with data, ascending. */
  readonly columns: readonly HeatmapColumn[];
}

interface HeatmapColumn {
  readonly timeMs: number;
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** One more than there are bounds. */
  readonly cells: readonly number[];
}

const COLUMNS_MAX = 120;
const ROWS_A_DECADE = 8;
/** From 100 µs to 100 s, as powers of ten of a second. */
const DECADES = { from: -4, to: 2 } as const;

const BOUNDS: readonly number[] = Array.from(
  { length: (DECADES.to - DECADES.from) * ROWS_A_DECADE + 1 },
  (_, row) => Number((10 ** (DECADES.from + row / ROWS_A_DECADE)).toPrecision(3)),
);

export async function heatmapOf(
  { store, retention, now }: ViewSource,
  { service, fromMs, toMs, method, route, where = [] }: HeatmapRequest,
): Promise<Heatmap> {
  const { name, scale } = HTTP_SERVER_REQUEST_DURATION;
  const step = stepFor(toMs - fromMs, COLUMNS_MAX);
  const grid = chooseGrid({ fromMs, toMs }, step, retention, now());
  const result = await store.query({
    metric: name,
    service,
    ...grid,
    group: [],
    where: [...where, ...routeIs(method, route)],
    histogram: false,
    bounds: BOUNDS.map((bound) => Math.round(bound * scale)),
    limit: 1,
  });
  const points = (result?.groups[0]?.points ?? []) as (HistogramStats & { timeMs: number })[];
  return {
    fromMs: grid.fromMs,
    toMs: grid.toMs,
    stepMs: grid.stepMs ?? step,
    recordedFromMs: result?.recordedFromMs ?? null,
    bounds: BOUNDS,
    columns: points.map(({ timeMs, count, p50, p95, p99, cells = [] }) => ({
      timeMs,
      count,
      p50,
      p95,
      p99,
      cells,
    })),
  };
}

function routeIs(method: string | undefined, route: string | undefined): [string, string][] {
  const pairs: [string, string][] = [];
  if (method !== undefined) pairs.push(['http.request.method', method]);
  if (route !== undefined) pairs.push(['http.route', route]);
  return pairs;
}
