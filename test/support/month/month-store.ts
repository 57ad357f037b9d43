/**
 * A data folder with 30 days of 200 routes and two instances in it, written by the store itself: hours and days of four weeks, and
 * a day and two hours of minutes. Days are rolled up one by one, as they would have been. Takes minutes, and 1.5 GB
 * while it is made.
 */

import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import type { ReceivedBatch } from '../../../src/collector/store/write-batch.js';
import { HTTP_SERVER_QUERIES } from '../../../src/shared/application-metrics.js';
import type { Metric } from '../../../src/shared/metric.js';
import { HTTP_SERVER_REQUEST_DURATION } from '../../../src/shared/metrics.js';
import type { Attributes, HistogramPoint } from '../../../src/transport/batch.js';
import { makeBatch } from '../../collector/make-batch.js';
import { seeded } from '../seeded.js';
import { attributesOf, histogram } from '../shop/points.js';
import { INSTANCES } from '../shop/shop.js';
import { machinePoints, requestPoints } from '../shop/window.js';

export const DAYS = 30;
export const ROUTES_COUNT = 200;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTES_FOR_MS = 26 * HOUR_MS;
/** Shapes of a window's durations, drawn once: to record each anew would take longer than to store it. */
const SHAPES = 64;
const VALUES_OF_SHAPE = 12;

/** @param onDay told after each day that is in the store */
export async function makeMonth(
  folder: string,
  nowMs: number,
  onDay: (day: number) => void,
): Promise<void> {
  let clockMs = nowMs - DAYS * DAY_MS;
  const store = new EmbeddedStore({
    folder,
    openSql: await loadSqlDriver(),
    now: () => clockMs,
    retention: RETENTION_DEFAULT,
    limits: CARDINALITY_DEFAULT,
    runElsewhere: undefined,
  });
  const window = windows(seeded(1));
  const minutesFromMs = Math.floor((nowMs - MINUTES_FOR_MS) / HOUR_MS) * HOUR_MS;
  let day = 0;
  let nextDayMs = clockMs + DAY_MS;
  clockMs = Math.floor(clockMs / HOUR_MS) * HOUR_MS;
  for (let sequence = 1; ; sequence++) {
    const widthMs = clockMs < minutesFromMs ? HOUR_MS : MINUTE_MS;
    if (clockMs + widthMs > nowMs) break;
    const batches = window(clockMs, widthMs, sequence);
    clockMs += widthMs;
    for (const outcome of await store.commit(batches)) {
      if (outcome.state !== 'stored')
        throw new Error(`expected a stored batch, got ${outcome.state}`);
    }
    if (clockMs < nextDayMs) continue;
    await store.maintain();
    nextDayMs += DAY_MS;
    day += 1;
    onDay(day);
  }
  await store.maintain();
  await store.close();
}

/** What both instances send of a window. */
function windows(random: () => number) {
  const durations = shapesOf(HTTP_SERVER_REQUEST_DURATION, random, (x) => 0.004 + x * x * 0.4);
  const queries = shapesOf(HTTP_SERVER_QUERIES, random, (x) => Math.ceil(x * 12));
  const drawn = (shapes: readonly HistogramPoint[], attributes: Attributes): HistogramPoint => {
    const shape = shapes[Math.floor(random() * SHAPES)]!;
    return { ...shape, series: { ...shape.series, attributes } };
  };
  const names = routeNames();
  const requests = (): HistogramPoint[] =>
    names.flatMap(({ route, outcome }) => [drawn(durations, outcome), drawn(queries, route)]);
  return (startMs: number, widthMs: number, sequence: number): ReceivedBatch[] =>
    INSTANCES.map(({ agent, boot, version }) => {
      const own = requestPoints({ routes: [], truths: [], random, share: 0, version });
      const machine = machinePoints({ random, share: 0.5 });
      const batch = makeBatch({
        ...{ agent, boot, version, startMs, sequence, closedMs: startMs + widthMs },
        histograms: [...requests(), ...own.histograms, ...machine.histograms],
        counters: machine.counters,
        gauges: machine.gauges,
      });
      const resource = attributesOf({
        'deployment.environment.name': 'production',
        'host.name': agent.split(':')[0]!,
        'service.instance.id': boot,
        'service.name': 'shop',
        'service.version': version,
      });
      return { batch: { ...batch, resource, durationMs: widthMs }, receivedMs: batch.closedMs };
    });
}

function shapesOf(
  metric: Metric,
  random: () => number,
  valueAt: (share: number) => number,
): HistogramPoint[] {
  return Array.from({ length: SHAPES }, () =>
    histogram(
      metric,
      {},
      Array.from({ length: VALUES_OF_SHAPE }, () => valueAt(random())),
    ),
  );
}

function routeNames(): { readonly route: Attributes; readonly outcome: Attributes }[] {
  return Array.from({ length: ROUTES_COUNT }, (_, at) => {
    const own = { 'http.request.method': 'GET', 'http.route': `/area-${at % 20}/things-${at}/:id` };
    const outcome = { 'http.response.status_class': '2xx', 'tachograph.module': `area-${at % 20}` };
    return { route: attributesOf(own), outcome: attributesOf({ ...own, ...outcome }) };
  });
}
