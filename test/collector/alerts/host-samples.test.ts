/** Forecasts out of a real store, as a replay asks for them: many series at many times. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forecastSamples, hostSamples } from '../../../src/collector/alerts/host-samples.js';
import { SampleList } from '../../../src/collector/alerts/sample-list.js';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import type { ViewSource } from '../../../src/collector/views/view-request.js';
import {
  CONTAINER_MEMORY_UTILIZATION,
  SYSTEM_MEMORY_UTILIZATION,
  THREAD_SLOT,
  V8JS_MEMORY_HEAP_LIMIT,
  V8JS_MEMORY_HEAP_USED,
} from '../../../src/shared/metrics.js';
import { gauge } from '../../support/shop/points.js';
import { makeBatch } from '../make-batch.js';

const T0 = Date.UTC(2026, 10, 23, 12);
const MINUTE_MS = 60_000;
const MINUTES = 40;
const SERVICES = 30;
const endMs = T0 + MINUTES * MINUTE_MS;
const times = [endMs - 2 * MINUTE_MS, endMs - MINUTE_MS, endMs];
let folder = '';
let store: EmbeddedStore;
let source: ViewSource;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  const now = (): number => endMs;
  const [openSql, retention] = [await loadSqlDriver(), RETENTION_DEFAULT];
  const limits = CARDINALITY_DEFAULT;
  store = new EmbeddedStore({ folder, openSql, now, retention, limits, runElsewhere: undefined });
  source = { store, retention, now };
  for (let minute = 0; minute < MINUTES; minute++) {
    const batches = Array.from({ length: SERVICES }, (_, index) =>
      makeBatch({
        agent: `agent-${index}`,
        service: `service-${index}`,
        sequence: minute + 1,
        startMs: T0 + minute * MINUTE_MS,
        gauges: [
          gauge(V8JS_MEMORY_HEAP_USED, {}, (100 + minute) * 1_000_000),
          gauge(V8JS_MEMORY_HEAP_LIMIT, {}, 1_000_000_000),
        ],
      }),
    );
    await store.commit(batches.map((batch) => ({ batch, receivedMs: batch.closedMs })));
  }
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

describe('forecasts of many series', () => {
  it('are of each at each time, and others go on between one series and the next', async () => {
    const samples = new SampleList();
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    await forecastSamples(source, times, samples);
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(SERVICES);
    expect(samples.all).toHaveLength(SERVICES * times.length);
    // 139 MB, and 60 MB an hour for 4 h, of 1000 MB.
    const { value } = samples.all.findLast(({ timeMs }) => timeMs === endMs)!;
    expect(value).toBeCloseTo(37.9, 3);
  });

  it('end where they are more than can be held', async () => {
    const samples = new SampleList(SERVICES);
    await expect(forecastSamples(source, times, samples)).rejects.toThrow('more than 30 samples');
    expect(samples.all).toHaveLength(SERVICES);
  });
});

describe('memory of a host', () => {
  it('is that of the fullest of its containers, whose mean would tell nobody', async () => {
    const [host, window] = [gauge(SYSTEM_MEMORY_UTILIZATION, {}, 0.3), endMs - 10_000];
    const batches = [0.95, 0.1, 0.2].map((share, index) =>
      makeBatch({
        agent: `unit-${index}`,
        boot: `unit-${index}`,
        sequence: MINUTES + 1,
        startMs: window,
        gauges: [gauge(CONTAINER_MEMORY_UTILIZATION, {}, share), host],
      }),
    );
    await store.commit(batches.map((batch) => ({ batch, receivedMs: batch.closedMs })));
    const range = { fromMs: endMs - MINUTE_MS, toMs: endMs, stepMs: undefined };
    expect(await hostSamples(source, range)).toEqual([
      {
        ...{ metric: 'memory', service: '', attributes: { 'host.name': 'host' } },
        ...{ value: 95, count: null, timeMs: endMs },
      },
    ]);
  });
});

it('the heap of a thread is foretold by itself, whatever those of others are', async () => {
  const own = mkdtempSync(join(tmpdir(), 'tacho-'));
  const now = (): number => endMs;
  const [openSql, retention, limits] = [
    await loadSqlDriver(),
    RETENTION_DEFAULT,
    CARDINALITY_DEFAULT,
  ];
  const parts = { openSql, now, retention, limits, runElsewhere: undefined };
  const threads = new EmbeddedStore({ folder: own, ...parts });
  for (let minute = 0; minute < MINUTES; minute++) {
    const batch = makeBatch({
      sequence: minute + 1,
      startMs: T0 + minute * MINUTE_MS,
      gauges: [
        gauge(V8JS_MEMORY_HEAP_USED, {}, (100 + minute) * 1_000_000),
        gauge(V8JS_MEMORY_HEAP_LIMIT, {}, 1_000_000_000),
        gauge(V8JS_MEMORY_HEAP_USED, { [THREAD_SLOT]: '1' }, (100 + 10 * minute) * 1_000_000),
        gauge(V8JS_MEMORY_HEAP_LIMIT, { [THREAD_SLOT]: '1' }, 1_000_000_000),
      ],
    });
    await threads.commit([{ batch, receivedMs: batch.closedMs }]);
  }
  const samples = new SampleList();
  await forecastSamples({ store: threads, retention, now }, [endMs], samples);
  await threads.close();
  rmSync(own, { recursive: true });
  const values = samples.all.map(
    ({ attributes, value }) => [attributes[THREAD_SLOT] ?? 'main', Math.round(value)] as const,
  );
  // 139 and 490 MB, and 60 and 600 MB an hour for 4 h, of 1000 MB.
  expect(Object.fromEntries(values)).toEqual({ main: 38, 1: 289 });
});

it('takes more samples at once than the stack has room for', () => {
  const samples = new SampleList();
  const sample = { metric: 'cpu', service: '', attributes: {}, value: 1, count: null, timeMs: T0 };
  samples.add(Array.from({ length: 300_000 }, () => sample));
  expect(samples.all).toHaveLength(300_000);
});
