/**
 * What `tachograph top` shows, asked from a collector: its newest complete windows. Plain data,
 * so that the view can be drawn from anything, a finished demo too.
 */
import type { ProcessAccount } from '../collector/query/ledger.js';
import type { Service } from '../collector/query/listings.js';
import type {
  CounterStats,
  GaugeStats,
  HistogramStats,
  QueryResult,
  Stats,
} from '../collector/query/query-request.js';
import type { StallPlace } from '../collector/query/stalls.js';
import { THREAD_SLOT } from '../shared/metrics.js';
import type { CollectorClient, Query } from './collector-client.js';
import { STALLS_MAX } from './stall-table.js';
import { rangeForWindows } from './top-range.js';

export interface RouteRow {
  readonly method: string;
  readonly route: string;
  readonly calls: number;
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Seconds spent in all calls. */
  readonly total: number;
  /** Share of calls answered 5xx or failed. */
  readonly errorRatio: number;
  /** Calls whose client went away before the answer. */
  readonly aborted: number;
}

export interface HostRow {
  readonly host: string;
  readonly calls: number;
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly total: number;
  readonly errorRatio: number;
}

/**
 * A gauge by metric name: mean and newest, of memory and open requests summed over the threads of the
 * instances; a counter: per second. Absent where nothing came.
 */
export interface TopData {
  readonly timeMs: number;
  /** Time the numbers and rates are over, in s: less than the range when the service began in it. */
  readonly seconds: number;
  /** Their instances are those seen in the time shown. */
  readonly services: readonly Service[];
  readonly service: string | undefined;
  readonly delay: HistogramStats | undefined;
  readonly gc: HistogramStats | undefined;
  readonly gauges: Readonly<Record<string, GaugeStats | undefined>>;
  /** A counter's rate by name, or by `name direction`. */
  readonly rates: Readonly<Record<string, number | undefined>>;
  /** Those seen in the time shown. */
  readonly processes: readonly ProcessAccount[];
  readonly routes: readonly RouteRow[];
  readonly hosts: readonly HostRow[];
  /** What blocked the event loops, the largest sum first. */
  readonly stalls: readonly StallPlace[];
}

const GAUGES = [
  'nodejs.eventloop.utilization',
  'process.cpu.utilization',
  'system.cpu.utilization',
  'system.memory.utilization',
  'system.memory.limit',
] as const;

/** Gauges of which each thread of each instance has its own part. */
const ADDITIVE_GAUGES = [
  'process.memory.usage',
  'v8js.memory.heap.used',
  'v8js.memory.heap.limit',
  'http.server.active_requests',
] as const;

/** Counters and the attribute that tells their directions apart. */
const COUNTERS = [
  ['system.disk.io', 'disk.io.direction'],
  ['system.network.io', 'network.io.direction'],
] as const;

const ROUTES_MAX = 200;
/** What `ADDITIVE_GAUGES` are summed over. */
const PART = `service.instance.id,${THREAD_SLOT}`;
const PARTS_MAX = '500';
/** Values of `error.type` for a client that went away. */
const ABORTED = 'aborted';

export interface TopSource {
  readonly get: CollectorClient;
  readonly service: string | undefined;
  /** Undefined: a minute, or as much as long windows need. */
  readonly rangeMs: number | undefined;
}

interface Source {
  readonly get: CollectorClient;
  readonly service: string | undefined;
  /** Where to begin and end, as `/v1/query` takes it. */
  readonly range: { readonly from: string; readonly to: string };
}

/** Undefined when no service has sent anything. */
export async function loadTopData(from: TopSource, nowMs: number): Promise<TopData | undefined> {
  const { get, service } = from;
  const { services = [] } = (await get<{ services: Service[] }>('/v1/services')) ?? {};
  const shown = services.filter(({ name }) => service === undefined || name === service);
  if (shown.length === 0) return undefined;
  const rangeMs = from.rangeMs ?? (await rangeForWindows(get, service));
  const source: Source = { get, service, range: { from: `-${rangeMs}ms`, to: 'now' } };
  const [delay, gc, routes, hosts, gauges, counters, ledger, blocked] = await Promise.all([
    ask(source, { metric: 'nodejs.eventloop.delay' }),
    ask(source, { metric: 'v8js.gc.duration' }),
    ask(source, {
      metric: 'http.server.request.duration',
      group: 'http.request.method,http.route,http.response.status_class,error.type',
      limit: '500',
    }),
    ask(source, {
      metric: 'http.client.request.duration',
      group: 'server.address,http.response.status_class,error.type',
      limit: '500',
    }),
    loadGauges(source),
    Promise.all(COUNTERS.map(([metric, group]) => ask(source, { metric, group }))),
    get<{ processes: ProcessAccount[] }>('/v1/ledger', { service }),
    get<{ stalls: StallPlace[] }>('/v1/stalls', {
      service,
      ...source.range,
      limit: String(STALLS_MAX),
    }),
  ]);
  const known = [delay, gc, routes, hosts, ...counters].find((result) => result !== undefined);
  const fromMs = known?.fromMs ?? nowMs - rangeMs;
  const processes = (ledger?.processes ?? []).filter(({ lastSeenMs }) => lastSeenMs >= fromMs);
  return {
    timeMs: nowMs,
    seconds: recordedSeconds(known),
    services: shown.map((row) => ({
      ...row,
      instances: processes.filter((process) => process.service === row.name).length,
    })),
    service,
    delay: totalOf<HistogramStats>(delay),
    gc: totalOf<HistogramStats>(gc),
    gauges,
    rates: ratesOf(counters),
    processes,
    routes: await routeRows(source, routes),
    hosts: await hostRows(source, hosts),
    stalls: blocked?.stalls ?? [],
  };
}

function ask({ get, service, range }: Source, query: Query): Promise<QueryResult | undefined> {
  return get<QueryResult>('/v1/query', { service, ...range, ...query });
}

function totalOf<Kind extends Stats>(result: QueryResult | undefined): Kind | undefined {
  return result?.groups[0]?.total as Kind | undefined;
}

/** What the collector divided by; the same for all, but for a window that came meanwhile. */
function recordedSeconds(result: QueryResult | undefined): number {
  return ((result?.recordedToMs ?? 0) - (result?.recordedFromMs ?? 0)) / 1000;
}

async function loadGauges(source: Source): Promise<Record<string, GaugeStats | undefined>> {
  const means = GAUGES.map(async (metric) => {
    return [metric, totalOf<GaugeStats>(await ask(source, { metric }))] as const;
  });
  const sums = ADDITIVE_GAUGES.map(async (metric) => {
    const query = { metric, group: PART, limit: PARTS_MAX };
    return [metric, sumOf(await ask(source, query))] as const;
  });
  return Object.fromEntries(await Promise.all([...means, ...sums]));
}

/** Of all parts together; the extremes are bounds, because they need not coincide. */
function sumOf(result: QueryResult | undefined): GaugeStats | undefined {
  const stats = (result?.groups ?? []).map(({ total }) => total as GaugeStats);
  if (stats.length === 0) return undefined;
  return stats.reduce((sum, one) => ({
    last: sum.last + one.last,
    mean: sum.mean + one.mean,
    min: sum.min + one.min,
    max: sum.max + one.max,
  }));
}

function ratesOf(counters: readonly (QueryResult | undefined)[]): Record<string, number> {
  const rates: Record<string, number> = {};
  for (const [i, [metric, group]] of COUNTERS.entries()) {
    for (const { attributes, total } of counters[i]?.groups ?? []) {
      rates[`${metric} ${attributes[group] ?? ''}`] = (total as CounterStats).rate;
    }
  }
  return rates;
}

interface Tally {
  calls: number;
  errors: number;
  aborted: number;
}

/** Calls, errors and aborts by the given attributes, from groups that tell outcomes apart. */
function tallies(result: QueryResult | undefined, names: readonly string[]): Map<string, Tally> {
  const found = new Map<string, Tally>();
  for (const { attributes, total } of result?.groups ?? []) {
    const { count } = total as HistogramStats;
    const key = JSON.stringify(names.map((name) => attributes[name] ?? ''));
    const tally = found.get(key) ?? { calls: 0, errors: 0, aborted: 0 };
    const error = attributes['error.type'] ?? '';
    tally.calls += count;
    if (error === ABORTED) tally.aborted += count;
    else if (error !== '' || attributes['http.response.status_class'] === '5xx') {
      tally.errors += count;
    }
    found.set(key, tally);
  }
  return found;
}

async function routeRows(source: Source, outcomes: QueryResult | undefined): Promise<RouteRow[]> {
  if (outcomes === undefined) return [];
  const names = ['http.request.method', 'http.route'];
  const byRoute = tallies(outcomes, names);
  const merged = await ask(source, {
    metric: outcomes.metric,
    group: names.join(','),
    limit: String(ROUTES_MAX),
  });
  return (merged?.groups ?? []).map(({ attributes, total }) => {
    const { count, rate, p50, p95, p99, max, sum } = total as HistogramStats;
    const [method = '', route = ''] = names.map((name) => attributes[name] ?? '');
    const tally = byRoute.get(JSON.stringify([method, route]));
    return {
      method,
      route,
      calls: count,
      rate,
      p50,
      p95,
      p99,
      max,
      total: sum,
      errorRatio: (tally?.errors ?? 0) / count,
      aborted: tally?.aborted ?? 0,
    };
  });
}

async function hostRows(source: Source, outcomes: QueryResult | undefined): Promise<HostRow[]> {
  if (outcomes === undefined) return [];
  const byHost = tallies(outcomes, ['server.address']);
  const merged = await ask(source, { metric: outcomes.metric, group: 'server.address' });
  return (merged?.groups ?? []).map(({ attributes, total }) => {
    const { count, rate, p50, p95, max, sum } = total as HistogramStats;
    const host = attributes['server.address'] ?? '';
    const tally = byHost.get(JSON.stringify([host]));
    const errorRatio = ((tally?.errors ?? 0) + (tally?.aborted ?? 0)) / count;
    return { host, calls: count, rate, p50, p95, max, total: sum, errorRatio };
  });
}
