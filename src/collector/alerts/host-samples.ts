/** Samples of machines and containers: CPU, memory, and where memory is going. */
import type { Sample } from '../../alerts/sample.js';
import type { Metric } from '../../shared/metric.js';
import {
  CONTAINER_CPU_UTILIZATION,
  CONTAINER_MEMORY_UTILIZATION,
  SYSTEM_CPU_UTILIZATION,
  SYSTEM_MEMORY_UTILIZATION,
  V8JS_MEMORY_HEAP_LIMIT,
  V8JS_MEMORY_HEAP_USED,
} from '../../shared/metrics.js';
import type { GaugeStats } from '../query/query-request.js';
import type { ViewSource } from '../views/view-request.js';
import { SERVICE } from './budget-samples.js';
import { growthOf } from './growth.js';
import { instantsOf, type Range } from './stats-by-time.js';

const HOST = 'host.name';
const INSTANCE = 'service.instance.id';
const HOUR_MS = 3_600_000;
const STEP_MS = 60_000;
const FORECAST_HOURS = 4;

/** Of each, host and container: whichever is higher. */
const SOURCES: readonly (readonly [metric: string, ...gauges: Metric[]])[] = [
  ['cpu', SYSTEM_CPU_UTILIZATION, CONTAINER_CPU_UTILIZATION],
  ['memory', SYSTEM_MEMORY_UTILIZATION, CONTAINER_MEMORY_UTILIZATION],
];

export async function hostSamples(source: ViewSource, range: Range): Promise<Sample[]> {
  const highest = new Map<string, Sample>();
  for (const [metric, ...gauges] of SOURCES) {
    for (const gauge of gauges) {
      const instants = await instantsOf(source, undefined, range, {
        metric: gauge.name,
        group: [HOST],
      });
      for (const { timeMs, groups } of instants) {
        for (const { attributes, total } of groups) {
          const value = 100 * (total as GaugeStats).mean;
          const key = JSON.stringify([metric, attributes[HOST], timeMs]);
          if (value <= (highest.get(key)?.value ?? -1)) continue;
          highest.set(key, { metric, service: '', attributes, value, count: null, timeMs });
        }
      }
    }
  }
  return [...highest.values()];
}

/** Where each host, container and heap is in FORECAST_HOURS, if it grows on as in the last hour. */
export async function forecastSamples(source: ViewSource, toMs: number): Promise<Sample[]> {
  const range = { fromMs: toMs - HOUR_MS, toMs, stepMs: STEP_MS };
  const samples: Sample[] = [];
  for (const gauge of [SYSTEM_MEMORY_UTILIZATION, CONTAINER_MEMORY_UTILIZATION]) {
    const series = await seriesOf(source, range, gauge, [HOST]);
    for (const { attributes, points } of series.values()) {
      const forecast = forecastOf(points, toMs, 1);
      if (forecast === undefined) continue;
      const of = {
        'tachograph.memory': gauge === SYSTEM_MEMORY_UTILIZATION ? 'host' : 'container',
      };
      samples.push({ ...forecast, service: '', attributes: { ...attributes, ...of } });
    }
  }
  const heaps = await seriesOf(source, range, V8JS_MEMORY_HEAP_USED, [SERVICE, INSTANCE]);
  const limits = await seriesOf(source, range, V8JS_MEMORY_HEAP_LIMIT, [SERVICE, INSTANCE]);
  for (const [key, { attributes, points }] of heaps) {
    const limit = limits.get(key)?.points.at(-1)?.value;
    const forecast = limit === undefined ? undefined : forecastOf(points, toMs, limit);
    if (forecast === undefined) continue;
    const { [SERVICE]: service = '', [INSTANCE]: instance = '' } = attributes;
    const own = { [INSTANCE]: instance, 'tachograph.memory': 'heap' };
    samples.push({ ...forecast, service, attributes: own });
  }
  return samples;
}

interface Series {
  readonly attributes: Readonly<Record<string, string>>;
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
    for (const { attributes, total } of groups) {
      const key = JSON.stringify(attributes);
      const known = series.get(key) ?? { attributes, points: [] };
      known.points.push({ timeMs, value: (total as GaugeStats).mean });
      series.set(key, known);
    }
  }
  return series;
}

/** Undefined where memory does not grow steadily: then nothing is foretold, and nothing is said. */
function forecastOf(
  points: Series['points'],
  toMs: number,
  limit: number,
): Pick<Sample, 'metric' | 'value' | 'count' | 'timeMs' | 'note'> | undefined {
  const growth = growthOf(points);
  if (growth === undefined || limit <= 0) return undefined;
  const { last, perHour } = growth;
  const value = (100 * (last + perHour * FORECAST_HOURS)) / limit;
  const leftHours = (limit - last) / perHour;
  const left =
    leftHours < 1 ? `${Math.max(1, Math.round(leftHours * 60))} min` : `${leftHours.toFixed(1)} h`;
  const note = `${Math.round((100 * last) / limit)} % now; full in about ${left} at the growth of the last hour.`;
  return { metric: 'memory_forecast', value: Math.max(0, value), count: null, timeMs: toMs, note };
}
