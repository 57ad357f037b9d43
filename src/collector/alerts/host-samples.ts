/**
 * Samples of machines and containers: CPU, memory, and where memory is going. Runs on the collector's main thread, which takes
 * batches meanwhile: after each step or series it lets others go on.
 */
import { setImmediate } from 'node:timers/promises';
import { FORECAST_WINDOW_MS, forecastOf } from '../../alerts/memory-forecast.js';
import type { Sample } from '../../alerts/sample.js';
import type { Metric } from '../../shared/metric.js';
import {
  CONTAINER_CPU_UTILIZATION,
  CONTAINER_MEMORY_UTILIZATION,
  SYSTEM_CPU_UTILIZATION,
  SYSTEM_MEMORY_UTILIZATION,
  THREAD_SLOT,
  V8JS_MEMORY_HEAP_LIMIT,
  V8JS_MEMORY_HEAP_USED,
} from '../../shared/metrics.js';
import type { GaugeStats } from '../query/query-request.js';
import type { ViewSource } from '../views/view-request.js';
import { INSTANCE, SERVICE } from './budget-samples.js';
import type { SampleList } from './sample-list.js';
import { SlidingWindow } from './sliding-window.js';
import { instantsOf, type Range } from './stats-by-time.js';

const HOST = 'host.name';
const HEAP = [SERVICE, INSTANCE, THREAD_SLOT] as const;
const STEP_MS = 60_000;

/**
 * Of each, host and containers: whichever is highest. Of one name there may be several containers, such as units of a
 * service manager with limits of their own, and the mean of a full one and of empty ones would tell nobody.
 */
const SOURCES: readonly (readonly [metric: string, gauge: Metric, group: readonly string[]])[] = [
  ['cpu', SYSTEM_CPU_UTILIZATION, [HOST]],
  ['cpu', CONTAINER_CPU_UTILIZATION, [HOST, INSTANCE]],
  ['memory', SYSTEM_MEMORY_UTILIZATION, [HOST]],
  ['memory', CONTAINER_MEMORY_UTILIZATION, [HOST, INSTANCE]],
];

export async function hostSamples(source: ViewSource, range: Range): Promise<Sample[]> {
  const highest = new Map<string, Sample>();
  for (const [metric, gauge, group] of SOURCES) {
    const instants = await instantsOf(source, undefined, range, { metric: gauge.name, group });
    for (const { timeMs, groups } of instants) {
      await setImmediate();
      for (const { attributes: of, total } of groups) {
        const attributes = { [HOST]: of[HOST] ?? '' };
        const value = 100 * (total as GaugeStats).mean;
        const key = JSON.stringify([metric, attributes[HOST], timeMs]);
        if (value <= (highest.get(key)?.value ?? -1)) continue;
        highest.set(key, { metric, service: '', attributes, value, count: null, timeMs });
      }
    }
  }
  return [...highest.values()];
}

/**
 * Where each host, container and heap is in some hours, if it grows on as in the last.
 * @param times ascending: a sample each, out of one answer of the store
 * @throws {TooManySamplesError} when they are more than `samples` holds.
 */
export async function forecastSamples(
  source: ViewSource,
  times: readonly number[],
  samples: SampleList,
): Promise<void> {
  const [firstMs = 0, lastMs = firstMs] = [times[0], times.at(-1)];
  const range = { fromMs: firstMs - FORECAST_WINDOW_MS, toMs: lastMs, stepMs: STEP_MS };
  for (const gauge of [SYSTEM_MEMORY_UTILIZATION, CONTAINER_MEMORY_UTILIZATION]) {
    const of = {
      'tachograph.memory': gauge === SYSTEM_MEMORY_UTILIZATION ? 'host' : 'container',
    };
    const series = await seriesOf(source, range, gauge, [HOST]);
    for (const { attributes, points } of series.values()) {
      await setImmediate();
      const own = { service: '', attributes: { ...attributes, ...of } };
      samples.add(forecastsAt(times, points, () => 1).map((one) => ({ ...one, ...own })));
    }
  }
  // Each thread has a heap of its own: the mean of all would hide the one that is full.
  const heaps = await seriesOf(source, range, V8JS_MEMORY_HEAP_USED, HEAP);
  const limits = await seriesOf(source, range, V8JS_MEMORY_HEAP_LIMIT, HEAP);
  for (const [key, { attributes, points }] of heaps) {
    const { [SERVICE]: service = '', [INSTANCE]: instance = '', [THREAD_SLOT]: slot } = attributes;
    await setImmediate();
    const thread = slot ? { [THREAD_SLOT]: slot } : {};
    const of = { [INSTANCE]: instance, 'tachograph.memory': 'heap', ...thread };
    const own = { service, attributes: of };
    const limitHour = new SlidingWindow(limits.get(key)?.points ?? [], FORECAST_WINDOW_MS);
    const limitAt = (toMs: number): number | undefined => {
      limitHour.moveTo(toMs);
      return limitHour.items.at(-1)?.value;
    };
    samples.add(forecastsAt(times, points, limitAt).map((one) => ({ ...one, ...own })));
  }
}

/** Of one series, at each of the times that has enough before it. `limitAt`: what it may grow to, where that is known. */
function forecastsAt(
  times: readonly number[],
  points: Series['points'],
  limitAt: (toMs: number) => number | undefined,
): NonNullable<ReturnType<typeof forecastOf>>[] {
  const hour = new SlidingWindow(points, FORECAST_WINDOW_MS);
  return times.flatMap((toMs) => {
    hour.moveTo(toMs);
    const limit = limitAt(toMs);
    return (limit !== undefined && forecastOf(hour.items, toMs, limit)) || [];
  });
}

interface Series {
  readonly attributes: Readonly<Record<string, string>>;
  /** Ascending; a point has the time of the end of its minute. */
  readonly points: { timeMs: number; value: number }[];
}

async function seriesOf(
  source: ViewSource,
  range: Range,
  gauge: Metric,
  group: readonly string[],
): Promise<ReadonlyMap<string, Series>> {
  const series = new Map<string, Series>();
  for (const { timeMs, groups } of await instantsOf(source, undefined, range, {
    metric: gauge.name,
    group,
  })) {
    await setImmediate();
    for (const { attributes, total } of groups) {
      const key = JSON.stringify(attributes);
      const known = series.get(key) ?? { attributes, points: [] };
      known.points.push({ timeMs, value: (total as GaugeStats).mean });
      series.set(key, known);
    }
  }
  return series;
}
