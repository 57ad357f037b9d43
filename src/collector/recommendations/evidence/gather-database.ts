/** Pools and caches as rows, each with what several of its metrics say of it. */
import {
  CACHE_OPERATIONS,
  DB_CLIENT_CONNECTION_COUNT,
  DB_CLIENT_CONNECTION_MAX,
  DB_CLIENT_CONNECTION_PENDING_REQUESTS,
  DB_CLIENT_CONNECTION_WAIT_TIME,
} from '../../../shared/database-metrics.js';
import type { CounterStats, GaugeStats } from '../../query/query-request.js';
import { groupsOf, type ViewRequest, type ViewSource } from '../../views/view-request.js';
import { callsOf } from './calls-of.js';
import type { CacheRow, PoolRow } from './evidence.js';

const POOL = 'db.client.connection.pool.name';
const STATE = 'db.client.connection.state';
const CACHE = 'tachograph.cache.name';
const RESULT = 'tachograph.cache.result';

export async function poolsOf(source: ViewSource, request: ViewRequest): Promise<PoolRow[]> {
  const [counts, limits, pending, waits] = await Promise.all([
    groupsOf(source, request, DB_CLIENT_CONNECTION_COUNT, [POOL, STATE]),
    groupsOf(source, request, DB_CLIENT_CONNECTION_MAX, [POOL]),
    groupsOf(source, request, DB_CLIENT_CONNECTION_PENDING_REQUESTS, [POOL]),
    callsOf(source, request, DB_CLIENT_CONNECTION_WAIT_TIME, [POOL]),
  ]);
  const names = new Set(counts.map(({ attributes }) => attributes[POOL] ?? ''));
  return [...names].map((pool) => {
    const of = (groups: typeof counts, state?: string): GaugeStats | undefined =>
      groups.find(
        ({ attributes }) =>
          (attributes[POOL] ?? '') === pool && (state === undefined || attributes[STATE] === state),
      )?.total as GaugeStats | undefined;
    return {
      pool,
      used: of(counts, 'used')?.mean ?? 0,
      usedMax: of(counts, 'used')?.max ?? 0,
      idle: of(counts, 'idle')?.mean ?? 0,
      limit: of(limits)?.max ?? 0,
      pendingMax: of(pending)?.max ?? 0,
      waits: waits.find((row) => (row.names[POOL] ?? '') === pool) ?? null,
    };
  });
}

export async function cachesOf(source: ViewSource, request: ViewRequest): Promise<CacheRow[]> {
  const rows = new Map<string, { hits: number; misses: number }>();
  for (const { attributes, total } of await groupsOf(source, request, CACHE_OPERATIONS, [
    CACHE,
    RESULT,
  ])) {
    const row = rows.get(attributes[CACHE] ?? '') ?? { hits: 0, misses: 0 };
    row[attributes[RESULT] === 'hit' ? 'hits' : 'misses'] += (total as CounterStats).value;
    rows.set(attributes[CACHE] ?? '', row);
  }
  return [...rows].map(([cache, row]) => ({ cache, ...row }));
}
