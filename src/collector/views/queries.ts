/** Queries by what they are without their literals, those first that take most time in all. */
import {
  DB_CLIENT_OPERATION_DURATION,
  QUERY_CLASS,
  QUERY_TEXT,
} from '../../shared/database-metrics.js';
import type { HistogramStats } from '../query/query-request.js';
import { groupsOf, type ViewRequest, type ViewSource } from './view-request.js';

/** Times in seconds. */
export interface QueryRow {
  readonly system: string;
  readonly text: string;
  readonly operation: string;
  readonly collection: string;
  readonly class: string;
  readonly calls: number;
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly total: number;
}

/** What these are asked is no query: thousands of fast reads, or one that waits for work, say nothing of a database. */
const CACHES: ReadonlySet<string> = new Set(['redis', 'memcached']);

export function isOfCache(system: string): boolean {
  return CACHES.has(system);
}

const GROUP = [
  'db.system.name',
  QUERY_TEXT,
  'db.operation.name',
  'db.collection.name',
  QUERY_CLASS,
] as const;

/** @param minSeconds only those whose 95th percentile is as long */
export async function queriesOf(
  source: ViewSource,
  request: ViewRequest,
  minSeconds: number,
): Promise<QueryRow[]> {
  const groups = await groupsOf(source, request, DB_CLIENT_OPERATION_DURATION, GROUP);
  return groups
    .map(({ attributes, total }): QueryRow => {
      const { count, rate, p50, p95, max, sum } = total as HistogramStats;
      const [system, text, operation, collection, queryClass] = GROUP.map(
        (name) => attributes[name] ?? '',
      ) as [string, string, string, string, string];
      const names = { system, text, operation, collection, class: queryClass };
      return { ...names, calls: count, rate, p50, p95, max, total: sum };
    })
    .filter(({ p95 }) => p95 >= minSeconds)
    .slice(0, request.limit);
}
