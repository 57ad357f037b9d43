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
import type { BudgetRow } from '../collector/views/budget-states.js';
import type { JobRow } from '../collector/views/jobs.js';
import type { ModuleRow } from '../collector/views/operations.js';
import type { RouteRow, Routes } from '../collector/views/routes.js';
import { OUTCOME, tallies } from '../collector/views/tallies.js';
import type { Timed } from '../collector/views/timed.js';
import type { TraceRow } from '../collector/views/traces.js';
import { keyOf } from '../collector/views/view-request.js';
import { THREAD_SLOT } from '../shared/metrics.js';
import type { CollectorClient, Query } from './collector-client.js';
import { STALLS_MAX } from './stall-table.js';
import { rangeForWindows } from './top-range.js';

/** `errorRatio` counts calls that were given up, too. */
export interface HostRow extends Omit<Timed, 'p99'> {
  readonly host: string;
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
  readonly modules: readonly ModuleRow[];
  readonly jobs: readonly JobRow[];
  /** Budgets in breach, the farthest over its limit first. */
  readonly breaches: readonly BudgetRow[];
  /** The newest. */
  readonly traces: readonly TraceRow[];
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

/** Counters of a host, which each of its instances has, and the attribute that tells their directions apart. */
const COUNTERS = [
  ['system.disk.io', 'disk.io.direction'],
  ['system.network.io', 'network.io.direction'],
] as const;

const ROUTES_MAX = '200';
const TRACES_MAX = '10';
/** What `ADDITIVE_GAUGES` are summed over. */
const PART = `service.instance.id,${THREAD_SLOT}`;
const PARTS_MAX = '500';
const HOST = 'host.name';

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
  const [
    delay,
    gc,
    hosts,
    gauges,
    counters,
    ledger,
    { routes },
    { modules },
    { jobs },
    budgets,
    { traces },
    { stalls },
  ] = await Promise.all([
    ask(source, { metric: 'nodejs.eventloop.delay' }),
    ask(source, { metric: 'v8js.gc.duration' }),
    ask(source, {
      metric: 'http.client.request.duration',
      group: ['server.address', ...OUTCOME].join(','),
      limit: '500',
    }),
    loadGauges(source),
    Promise.all(COUNTERS.map((counter) => loadCounter(source, counter))),
    get<{ processes: ProcessAccount[] }>('/v1/ledger', { service }),
    view<Routes>(source, '/v1/routes', { routes: [], layers: [] }, { limit: ROUTES_MAX }),
    view<{ modules: ModuleRow[] }>(source, '/v1/operations', { modules: [] }),
    view<{ jobs: JobRow[] }>(source, '/v1/jobs', { jobs: [] }),
    view<{ budgets: BudgetRow[] }>(source, '/v1/budgets', { budgets: [] }),
    view<{ traces: TraceRow[] }>(source, '/v1/traces', { traces: [] }, { limit: TRACES_MAX }),
    view<{ stalls: StallPlace[] }>(
      source,
      '/v1/stalls',
      { stalls: [] },
      { limit: String(STALLS_MAX) },
    ),
  ]);
  const known = [delay, gc, hosts, ...counters].find((result) => result !== undefined);
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
    routes,
    hosts: await hostRows(source, hosts),
    stalls,
    modules,
    jobs,
    breaches: budgets.budgets
      .filter(({ state }) => state === 'breach')
      .sort((a, b) => excessOf(b) - excessOf(a)),
    traces,
  };
}

function ask({ get, service, range }: Source, query: Query): Promise<QueryResult | undefined> {
  return get<QueryResult>('/v1/query', { service, ...range, ...query });
}

/** `none` where a collector does not have the view. */
async function view<Answer>(
  { get, service, range }: Source,
  path: string,
  none: Answer,
  query: Query = {},
): Promise<Answer> {
  return (await get<Answer>(path, { service, ...range, ...query })) ?? none;
}

function excessOf({ value, valueLimit }: BudgetRow): number {
  return (value ?? 0) / (valueLimit || Number.MIN_VALUE);
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

function loadCounter(
  source: Source,
  [metric, direction]: (typeof COUNTERS)[number],
): Promise<QueryResult | undefined> {
  const group = `${HOST},service.instance.id,${direction}`;
  return ask(source, { metric, group, limit: PARTS_MAX });
}

/** Of all hosts: of each as much as one of its instances saw, the most, for who began later saw less of the same. */
function ratesOf(counters: readonly (QueryResult | undefined)[]): Record<string, number> {
  const rates: Record<string, number> = {};
  for (const [i, [metric, direction]] of COUNTERS.entries()) {
    const seen = new Map<string, { readonly of: string; rate: number }>();
    for (const { attributes, total } of counters[i]?.groups ?? []) {
      const { [HOST]: host = '', [direction]: of = '' } = attributes;
      const key = JSON.stringify([host, of]);
      const most = seen.get(key) ?? { of, rate: 0 };
      seen.set(key, most);
      most.rate = Math.max(most.rate, (total as CounterStats).rate);
    }
    for (const { of, rate } of seen.values()) {
      const name = `${metric} ${of}`;
      rates[name] = (rates[name] ?? 0) + rate;
    }
  }
  return rates;
}

async function hostRows(source: Source, outcomes: QueryResult | undefined): Promise<HostRow[]> {
  if (outcomes === undefined) return [];
  const byHost = tallies(outcomes.groups, ['server.address']);
  const merged = await ask(source, { metric: outcomes.metric, group: 'server.address' });
  return (merged?.groups ?? []).map(({ attributes, total }) => {
    const { count, rate, p50, p95, max, sum } = total as HistogramStats;
    const host = attributes['server.address'] ?? '';
    const tally = byHost.get(keyOf(attributes, ['server.address']));
    const errorRatio = ((tally?.errors ?? 0) + (tally?.aborted ?? 0)) / count;
    return { host, calls: count, rate, p50, p95, max, total: sum, errorRatio };
  });
}
