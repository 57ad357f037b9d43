/** The database of a period: mean query time, slow queries, the costliest, and pools. Caches are none. */
import { inflateSync } from 'node:zlib';
import {
  DB_CLIENT_CONNECTION_COUNT,
  DB_CLIENT_CONNECTION_MAX,
  DB_CLIENT_CONNECTION_PENDING_REQUESTS,
  DB_CLIENT_OPERATION_DURATION,
} from '../../shared/database-metrics.js';
import { MergedHistogram } from '../../transport/merged-histogram.js';
import { exactGrid } from '../query/choose-level.js';
import type { GaugeStats, HistogramStats } from '../query/query-request.js';
import { isOfCache, queriesOf } from '../views/queries.js';
import { groupsOf } from '../views/view-request.js';
import type { Range } from './calendar.js';
import { queryLines } from './cost-lines.js';
import { SAMPLES_MIN } from './figures.js';
import type { DatabaseFigures, PoolLine } from './report-model.js';
import { type ReportSource, viewOf } from './report-source.js';

/** As product and traces have it. */
const SLOW_SECONDS = 0.1;
const LINES_MAX = 5;
const SYSTEM = 'db.system.name';
const SYSTEMS_MAX = 50;
const POOL = 'db.client.connection.pool.name';
const STATE = 'db.client.connection.state';
/** Cookie and length before the deflated bytes of a compressed V2 payload. */
const HEAD_BYTES = 8;

export async function databaseFigures(
  source: ReportSource,
  service: string | undefined,
  range: Range,
): Promise<DatabaseFigures> {
  const grid = exactGrid(range, source.retention, source.now());
  const metric = DB_CLIENT_OPERATION_DURATION.name;
  const [bySystem, queries, pools] = await Promise.all([
    source.store.query({
      metric,
      service,
      ...grid,
      group: [SYSTEM],
      where: [],
      histogram: true,
      limit: SYSTEMS_MAX,
    }),
    queriesOf(source, viewOf(service, range), 0),
    poolsOf(source, service, range),
  ]);
  const scale = bySystem?.scale ?? 1;
  const groups = (bySystem?.groups ?? [])
    .filter(({ attributes }) => !isOfCache(attributes[SYSTEM] ?? ''))
    .map(({ total }) => total as HistogramStats);
  const count = groups.reduce((sum, one) => sum + one.count, 0);
  const total = groups.reduce((sum, one) => sum + one.sum, 0);
  const merged = mergedOf(groups);
  const lines = queryLines(
    queries.filter(({ system }) => !isOfCache(system)),
    total,
  );
  return {
    queries: count,
    mean: count === 0 ? null : total / count,
    p95: count < SAMPLES_MIN ? null : p95Of(merged, groups, scale),
    slowQueries: merged.countAbove(SLOW_SECONDS * scale),
    slowLimit: SLOW_SECONDS,
    slowest: [...lines]
      .filter(({ p95 }) => p95 !== null)
      .sort((a, b) => b.p95! - a.p95!)
      .slice(0, LINES_MAX),
    costliest: lines.slice(0, LINES_MAX),
    pools,
  };
}

function mergedOf(groups: readonly HistogramStats[]): MergedHistogram {
  const merged = new MergedHistogram();
  for (const { histogram } of groups) {
    if (histogram === undefined) continue;
    merged.add(inflateSync(Buffer.from(histogram, 'base64').subarray(HEAD_BYTES)));
  }
  return merged;
}

function p95Of(merged: MergedHistogram, groups: readonly HistogramStats[], scale: number): number {
  const min = Math.min(...groups.map((one) => one.min)) * scale;
  const max = Math.max(...groups.map((one) => one.max)) * scale;
  return merged.percentiles([950], { min, max })[0]! / scale;
}

async function poolsOf(
  source: ReportSource,
  service: string | undefined,
  range: Range,
): Promise<PoolLine[]> {
  const request = viewOf(service, range);
  const [counts, limits, waiting] = await Promise.all([
    groupsOf(source, request, DB_CLIENT_CONNECTION_COUNT, [POOL, STATE]),
    groupsOf(source, request, DB_CLIENT_CONNECTION_MAX, [POOL]),
    groupsOf(source, request, DB_CLIENT_CONNECTION_PENDING_REQUESTS, [POOL]),
  ]);
  const gaugeOf = (groups: typeof limits, pool: string): GaugeStats | undefined =>
    groups.find(({ attributes }) => attributes[POOL] === pool)?.total as GaugeStats | undefined;
  return counts
    .filter(({ attributes }) => attributes[STATE] === 'used')
    .map(({ attributes, total }) => {
      const pool = attributes[POOL] ?? '';
      const { mean, max } = total as GaugeStats;
      return {
        pool,
        used: mean,
        usedMax: max,
        limit: gaugeOf(limits, pool)?.max ?? null,
        waitingMax: gaugeOf(waiting, pool)?.max ?? 0,
      };
    });
}
