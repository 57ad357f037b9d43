/**
 * What grows towards a limit, and when it will be there: shares of limits by the day, over four weeks. A trend is
 * told when its 95 % interval is above zero, and the days to the limit when they are fewer than a quarter.
 */
import {
  DB_CLIENT_CONNECTION_COUNT,
  DB_CLIENT_CONNECTION_MAX,
} from '../../shared/database-metrics.js';
import type { Metric } from '../../shared/metric.js';
import {
  NODEJS_EVENTLOOP_UTILIZATION,
  PROCESS_MEMORY_USAGE,
  SYSTEM_CPU_UTILIZATION,
  SYSTEM_FILESYSTEM_UTILIZATION,
  SYSTEM_MEMORY_LIMIT,
  SYSTEM_MEMORY_UTILIZATION,
  THREAD_SLOT,
  V8JS_MEMORY_HEAP_LIMIT,
  V8JS_MEMORY_HEAP_USED,
} from '../../shared/metrics.js';
import { chooseGrid } from '../query/choose-level.js';
import type { GaugeStats } from '../query/query-request.js';
import { trendOf } from '../statistics/trend.js';
import type { Range } from './calendar.js';
import type { CapacityLine } from './report-model.js';
import type { ReportSource } from './report-source.js';

interface Resource {
  readonly name: string;
  readonly used: Metric;
  /** Absent where `used` is a share already. */
  readonly limit?: Metric;
  readonly where?: readonly (readonly [string, string])[];
  /** Each thread has one: told is that of the main thread, which the mean of all would hide. */
  readonly isOfThread?: boolean;
  /** Each has a line of its own: disks do not fill together. */
  readonly by?: readonly string[];
}

const RESOURCES: readonly Resource[] = [
  { name: 'CPU of the host', used: SYSTEM_CPU_UTILIZATION },
  { name: 'event loop', used: NODEJS_EVENTLOOP_UTILIZATION, isOfThread: true },
  { name: 'memory of the host', used: SYSTEM_MEMORY_UTILIZATION },
  { name: 'memory of a process', used: PROCESS_MEMORY_USAGE, limit: SYSTEM_MEMORY_LIMIT },
  {
    name: 'heap of a process',
    used: V8JS_MEMORY_HEAP_USED,
    limit: V8JS_MEMORY_HEAP_LIMIT,
    isOfThread: true,
  },
  {
    name: 'disk space',
    used: SYSTEM_FILESYSTEM_UTILIZATION,
    by: ['host.name', 'system.filesystem.mountpoint'],
  },
  {
    name: 'database connections',
    used: DB_CLIENT_CONNECTION_COUNT,
    limit: DB_CLIENT_CONNECTION_MAX,
    where: [['db.client.connection.state', 'used']],
    by: ['db.client.connection.pool.name'],
  },
];

const MAIN_THREAD = [[THREAD_SLOT, '']] as const;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Farther than that no line can be drawn from four weeks. */
const HORIZON_DAYS_MAX = 90;
/** Of one resource, such as disks. */
const LINES_MAX = 5;

/** @param range four weeks, the last of them that of the report */
export async function capacityLines(
  source: ReportSource,
  service: string | undefined,
  range: Range,
): Promise<CapacityLine[]> {
  const lines = await Promise.all(
    RESOURCES.map((resource) => lineOf(source, service, range, resource)),
  );
  return lines.flat();
}

async function lineOf(
  source: ReportSource,
  service: string | undefined,
  range: Range,
  { name, used, limit, where = [], by = [], isOfThread }: Resource,
): Promise<CapacityLine[]> {
  const thread = isOfThread === true ? MAIN_THREAD : [];
  const [values, limits] = await Promise.all([
    daysOf(source, service, range, used, by, [...where, ...thread]),
    limit === undefined ? undefined : daysOf(source, service, range, limit, by, thread),
  ]);
  return [...values].flatMap(([key, days]) => {
    // The newest limit: it may have been raised, and the question is when it will be reached.
    const most = limits === undefined ? 1 : limits.get(key)?.at(-1)?.max;
    const last = days.at(-1);
    if (last === undefined || most === undefined || most <= 0) return [];
    // A machine that is gone has no "now".
    if (last.timeMs < range.toMs - WEEK_MS) return [];
    return [
      { resource: key === '' ? name : `${name}: ${key}`, ...shareOf(days, last, most, range) },
    ];
  });
}

function shareOf(
  days: readonly Day[],
  last: Day,
  most: number,
  range: Range,
): Omit<CapacityLine, 'resource'> {
  const trend = trendOf(days.map(({ timeMs, mean }) => ({ x: timeMs / DAY_MS, y: mean / most })));
  const perDay = trend !== undefined && trend.low > 0 ? trend.slope : null;
  const now = last.mean / most;
  const toLimit = perDay === null ? null : (1 - now) / perDay;
  const recent = days.filter(({ timeMs }) => timeMs >= range.toMs - WEEK_MS);
  return {
    now,
    peak: Math.max(...recent.map(({ max }) => max), last.max) / most,
    perDay,
    daysToLimit: toLimit !== null && toLimit <= HORIZON_DAYS_MAX ? Math.max(0, toLimit) : null,
  };
}

type Day = GaugeStats & { readonly timeMs: number };

async function daysOf(
  { store, retention, now }: ReportSource,
  service: string | undefined,
  range: Range,
  { name }: Metric,
  group: readonly string[],
  where: readonly (readonly [string, string])[],
): Promise<ReadonlyMap<string, readonly Day[]>> {
  const grid = chooseGrid(
    { ...range, toMs: Math.min(range.toMs, now()) },
    DAY_MS,
    retention,
    now(),
  );
  const asked = { metric: name, service, ...grid, group, where, histogram: false };
  const result = await store.query({ ...asked, limit: LINES_MAX });
  return new Map(
    (result?.groups ?? []).map(({ attributes, points }) => [
      group.flatMap((one) => attributes[one] || []).join(' '),
      points as readonly Day[],
    ]),
  );
}
