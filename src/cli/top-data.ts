/**
 * What `tachograph top` shows, asked from a collector: the last minute of complete windows. Plain
 * data, so that the view can be drawn from anything, a finished demo too.
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
import type { CollectorClient, Query } from './collector-client.js';

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

/** A gauge by metric name: mean and newest; a counter: per second. Absent where nothing came. */
export interface TopData {
  readonly timeMs: number;
  /** Time the numbers cover, in s. */
  readonly seconds: number;
  readonly services: readonly Service[];
  readonly service: string | undefined;
  readonly delay: HistogramStats | undefined;
  readonly gc: HistogramStats | undefined;
  readonly gauges: Readonly<Record<string, GaugeStats | undefined>>;
  /** A counter's rate by name, or by `name direction`. */
  readonly rates: Readonly<Record<string, number | undefined>>;
  readonly processes: readonly ProcessAccount[];
  readonly routes: readonly RouteRow[];
  readonly hosts: readonly HostRow[];
}

const GAUGES = [
  'nodejs.eventloop.utilization',
  'process.cpu.utilization',
  'system.cpu.utilization',
  'process.memory.usage',
  'v8js.memory.heap.used',
  'v8js.memory.heap.limit',
  'system.memory.utilization',
  'system.memory.limit',
  'http.server.active_requests',
] as const;

/** Counters and the attribute that tells their directions apart. */
const COUNTERS = [
  ['system.disk.io', 'disk.io.direction'],
  ['system.network.io', 'network.io.direction'],
] as const;

const ROUTES_MAX = 200;
/** Values of `error.type` for a client that went away. */
const ABORTED = 'aborted';

interface Source {
  readonly get: CollectorClient;
  readonly service: string | undefined;
  /** Where to begin and end, as `/v1/query` takes it. */
  readonly range: { readonly from: string; readonly to: string };
}

/** Undefined when no service has sent anything. */
export async function loadTopData(source: Source, nowMs: number): Promise<TopData | undefined> {
  const { get, service } = source;
  const { services = [] } = (await get<{ services: Service[] }>('/v1/services')) ?? {};
  const shown = services.filter(({ name }) => service === undefined || name === service);
  if (shown.length === 0) return undefined;
  const [delay, gc, routes, hosts, gauges, rates, ledger] = await Promise.all([
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
    loadRates(source),
    get<{ processes: ProcessAccount[] }>('/v1/ledger', { service }),
  ]);
  const seconds = coveredSeconds([routes, delay]);
  return {
    timeMs: nowMs,
    seconds,
    services: shown,
    service,
    delay: totalOf<HistogramStats>(delay),
    gc: totalOf<HistogramStats>(gc),
    gauges,
    rates,
    processes: ledger?.processes ?? [],
    routes: await routeRows(source, routes, seconds),
    hosts: await hostRows(source, hosts, seconds),
  };
}

function ask({ get, service, range }: Source, query: Query): Promise<QueryResult | undefined> {
  return get<QueryResult>('/v1/query', { service, ...range, ...query });
}

function totalOf<Kind extends Stats>(result: QueryResult | undefined): Kind | undefined {
  return result?.groups[0]?.total as Kind | undefined;
}

/** From the first window to the last: less than the range when the service began in it. */
function coveredSeconds(results: readonly (QueryResult | undefined)[]): number {
  const found = results.find((result) => result !== undefined && result.dataFromMs !== null);
  if (found === undefined) return 0;
  return ((found.dataToMs as number) - (found.dataFromMs as number)) / 1000;
}

async function loadGauges(source: Source): Promise<Record<string, GaugeStats | undefined>> {
  const results = await Promise.all(GAUGES.map((metric) => ask(source, { metric })));
  return Object.fromEntries(GAUGES.map((name, i) => [name, totalOf<GaugeStats>(results[i])]));
}

async function loadRates(source: Source): Promise<Record<string, number>> {
  const rates: Record<string, number> = {};
  for (const [metric, group] of COUNTERS) {
    const result = await ask(source, { metric, group });
    const seconds = coveredSeconds([result]);
    for (const { attributes, total } of result?.groups ?? []) {
      rates[`${metric} ${attributes[group] ?? ''}`] = (total as CounterStats).value / seconds;
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

async function routeRows(
  source: Source,
  outcomes: QueryResult | undefined,
  seconds: number,
): Promise<RouteRow[]> {
  if (outcomes === undefined) return [];
  const names = ['http.request.method', 'http.route'];
  const byRoute = tallies(outcomes, names);
  const merged = await ask(source, {
    metric: outcomes.metric,
    group: names.join(','),
    limit: String(ROUTES_MAX),
  });
  return (merged?.groups ?? []).map(({ attributes, total }) => {
    const { count, p50, p95, p99, max, sum } = total as HistogramStats;
    const [method = '', route = ''] = names.map((name) => attributes[name] ?? '');
    const tally = byRoute.get(JSON.stringify([method, route]));
    return {
      method,
      route,
      calls: count,
      rate: count / seconds,
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

async function hostRows(
  source: Source,
  outcomes: QueryResult | undefined,
  seconds: number,
): Promise<HostRow[]> {
  if (outcomes === undefined) return [];
  const byHost = tallies(outcomes, ['server.address']);
  const merged = await ask(source, { metric: outcomes.metric, group: 'server.address' });
  return (merged?.groups ?? []).map(({ attributes, total }) => {
    const { count, p50, p95, max, sum } = total as HistogramStats;
    const host = attributes['server.address'] ?? '';
    const tally = byHost.get(JSON.stringify([host]));
    const errorRatio = ((tally?.errors ?? 0) + (tally?.aborted ?? 0)) / count;
    return { host, calls: count, rate: count / seconds, p50, p95, max, total: sum, errorRatio };
  });
}
