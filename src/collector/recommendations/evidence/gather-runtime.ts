/** Garbage collection, heaps over time and the event loop, of the main threads of a service's processes. */
import { isOfBrowsers } from '../../../shared/beacon-source.js';
import {
  NODEJS_EVENTLOOP_DELAY,
  NODEJS_EVENTLOOP_UTILIZATION,
  V8JS_GC_DURATION,
  V8JS_MEMORY_HEAP_LIMIT,
  V8JS_MEMORY_HEAP_USED,
} from '../../../shared/metrics.js';
import { chooseGrid } from '../../query/choose-level.js';
import type { Instance } from '../../query/listings.js';
import type { GaugeStats, QueryGroup } from '../../query/query-request.js';
import { totalsOf, type ViewRequest, type ViewSource } from '../../views/view-request.js';
import { callsOf } from './calls-of.js';
import type { HeapRow, Runtime } from './evidence.js';

const INSTANCE = 'service.instance.id';
const MAIN_THREAD = [['tachograph.thread.slot', '']] as const;
/** Of a curve: enough to tell a slope from a wave. */
const STEPS = 48;
const INSTANCES_MAX = 50;
const STEP_MS_MIN = 10_000;

/** What is extrapolated, to a day or to a share of time, was seen for a minute at least. */
export const RECORDED_MS_MIN = 60_000;

export async function runtimeOf(
  source: ViewSource,
  request: ViewRequest,
  recordedMs: number,
  instances: readonly Instance[],
): Promise<Runtime> {
  const [gc, delays, heaps, utilizations] = await Promise.all([
    callsOf(source, request, V8JS_GC_DURATION, ['v8js.gc.type'], MAIN_THREAD),
    callsOf(source, request, NODEJS_EVENTLOOP_DELAY, [], MAIN_THREAD),
    heapsOf(source, request, recordedMs),
    totalsOf(source, request, {
      metric: NODEJS_EVENTLOOP_UTILIZATION.name,
      group: [],
      where: MAIN_THREAD,
    }),
  ]);
  const collecting = gc.reduce((sum, { total }) => sum + total, 0);
  return {
    gc,
    gcShare: collecting / (Math.max(RECORDED_MS_MIN, livedMs(instances, request)) / 1000),
    heaps,
    delay: delays[0] ?? null,
    utilization: (utilizations?.groups[0]?.total as GaugeStats | undefined)?.mean ?? null,
  };
}

/** Of all processes together, what of their lives is in the range: some may have come after each other. */
export function livedMs(
  instances: readonly Pick<Instance, 'resource' | 'firstSeenMs' | 'lastSeenMs'>[],
  { fromMs, toMs }: Pick<ViewRequest, 'fromMs' | 'toMs'>,
): number {
  return instances
    .filter(({ resource }) => !isOfBrowsers(resource))
    .map(
      ({ firstSeenMs, lastSeenMs }) => Math.min(lastSeenMs, toMs) - Math.max(firstSeenMs, fromMs),
    )
    .reduce((sum, ms) => sum + Math.max(0, ms), 0);
}

async function heapsOf(
  source: ViewSource,
  request: ViewRequest,
  recordedMs: number,
): Promise<HeapRow[]> {
  const { store, retention, now } = source;
  const { service, fromMs, toMs } = request;
  const stepMs = Math.max(STEP_MS_MIN, Math.ceil(recordedMs / STEPS / STEP_MS_MIN) * STEP_MS_MIN);
  const grid = chooseGrid({ fromMs, toMs }, stepMs, retention, now());
  const rest = { service, ...grid, group: [INSTANCE], where: MAIN_THREAD, histogram: false };
  const query = (metric: string): Promise<readonly QueryGroup[]> =>
    store.query({ metric, ...rest, limit: INSTANCES_MAX }).then((result) => result?.groups ?? []);
  const [used, limits] = await Promise.all([
    query(V8JS_MEMORY_HEAP_USED.name),
    query(V8JS_MEMORY_HEAP_LIMIT.name),
  ]);
  return used.map(({ attributes, points }) => {
    const instance = attributes[INSTANCE] ?? '';
    const limit = limits.find((group) => group.attributes[INSTANCE] === instance);
    return {
      instance,
      limit: (limit?.total as GaugeStats | undefined)?.max ?? 0,
      points: points.map((point) => ({
        timeMs: point.timeMs,
        bytes: (point as GaugeStats & { timeMs: number }).min,
      })),
    };
  });
}
