/** What `tachograph top` asks, from a real collector. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCollectorClient } from '../../src/cli/collector-client.js';
import { loadTopData, type TopData } from '../../src/cli/top-data.js';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';
import type { Batch, GaugePoint } from '../../src/transport/batch.js';
import { type BatchParts, histogramOf, makeBatch, send } from '../collector/make-batch.js';

const NOW_MS = Date.UTC(2026, 10, 23, 12, 0, 0);

let folder = '';
let collector: Collector;
let nowMs = NOW_MS;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-top-'));
  nowMs = NOW_MS;
  collector = await startCollector({ folder, port: 0, queryThreads: 0, now: () => nowMs });
});

afterEach(async () => {
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

const DELAY = {
  name: 'nodejs.eventloop.delay',
  kind: 'histogram',
  unit: 's',
  scale: 1_000_000,
  attributes: [],
} as const;

function gauge(name: string, value: number): GaugePoint {
  const series = { name, kind: 'gauge', unit: 'By', scale: 1, attributes: [] } as const;
  return { series, count: 1, sum: value, min: value, max: value, last: value };
}

/** A window of an instance, with the event-loop delay that every window has. */
async function sendWindow(
  boot: string,
  parts: BatchParts,
  durationMs = 10_000,
  host = 'host',
): Promise<void> {
  const batch = makeBatch({ histograms: [histogramOf(DELAY, [1000, 2000])], boot, ...parts });
  const whole: Batch = {
    ...batch,
    resource: [...batch.resource.filter(([name]) => name !== 'host.name'), ['host.name', host]],
    durationMs,
    closedMs: batch.startMs + durationMs,
  };
  const real = nowMs;
  nowMs = whole.closedMs;
  expect((await send(collector.url, whole)).status).toBe(200);
  nowMs = real;
}

async function load(rangeMs?: number): Promise<TopData> {
  const get = createCollectorClient(collector.url, undefined);
  return (await loadTopData({ get, service: undefined, rangeMs }, nowMs)) as TopData;
}

describe('the data of top', () => {
  it('takes the rate of rare requests over all windows, not over those with requests', async () => {
    for (let i = 0; i < 6; i += 1) {
      const startMs = NOW_MS - 60_000 + i * 10_000;
      const routes = i === 3 ? { '/rare': [1000, 1000, 1000] } : {};
      await sendWindow('a', { startMs, sequence: i + 1, routes });
    }
    const { seconds, routes } = await load();
    expect(seconds).toBe(60);
    expect(routes[0]).toMatchObject({ route: '/rare', calls: 3, rate: 3 / 60 });
  });

  it('sums what instances have each, and takes the mean of what they share', async () => {
    for (const [boot, size] of [
      ['a', 100],
      ['b', 300],
    ] as const) {
      const gauges = [
        'process.memory.usage',
        'v8js.memory.heap.used',
        'v8js.memory.heap.limit',
        'http.server.active_requests',
        'system.memory.limit',
      ].map((name) => gauge(name, size));
      await sendWindow(boot, { startMs: NOW_MS - 20_000, gauges });
    }
    const { gauges } = await load();
    expect(gauges['process.memory.usage']).toMatchObject({ last: 400, mean: 400 });
    expect(gauges['v8js.memory.heap.used']?.last).toBe(400);
    expect(gauges['v8js.memory.heap.limit']?.last).toBe(400);
    expect(gauges['http.server.active_requests']?.last).toBe(400);
    expect(gauges['system.memory.limit']?.last).toBe(200);
    expect(gauges['system.cpu.utilization']).toBeUndefined();
  });

  it('takes what the disks and networks of a host did once, however many instances it has', async () => {
    const startMs = NOW_MS - 20_000;
    for (const [boot, host, value] of [
      ['a', 'one', 6000],
      ['b', 'one', 5000],
      ['c', 'other', 1000],
    ] as const) {
      const counters = ['receive', 'transmit'].flatMap((direction) =>
        ['eth0', 'eth1'].map((name) => ({
          series: {
            name: 'system.network.io',
            kind: 'counter',
            unit: 'By',
            scale: 1,
            attributes: [
              ['network.interface.name', name],
              ['network.io.direction', direction],
            ],
          } as const,
          value,
        })),
      );
      await sendWindow(boot, { startMs, counters }, 10_000, host);
    }
    const { rates } = await load();
    expect(rates).toEqual({
      'system.network.io receive': 1400,
      'system.network.io transmit': 1400,
    });
  });

  it('sums what the threads of an instance have each', async () => {
    const gauges = [undefined, '1', '2'].map((slot) => {
      const { series, ...values } = gauge('http.server.active_requests', 5);
      const attributes = slot === undefined ? [] : [['tachograph.thread.slot', slot] as const];
      return { ...values, series: { ...series, attributes } };
    });
    await sendWindow('a', { startMs: NOW_MS - 20_000, gauges });
    const { gauges: shown } = await load();
    expect(shown['http.server.active_requests']).toMatchObject({ last: 15, mean: 15 });
  });

  it('has what blocked the event loop in the time shown', async () => {
    const stallAt = (timeMs: number, line: string) => ({
      timeMs,
      name: 'nodejs.eventloop.stall',
      attributes: [
        ['code.file.path', 'app.js'],
        ['code.function.name', 'work'],
        ['code.line.number', line],
        ['nodejs.eventloop.stall.duration', '0.400'],
        ['nodejs.eventloop.stall.id', line],
        ['nodejs.eventloop.stall.state', 'ended'],
      ] as const,
    });
    const events = [stallAt(NOW_MS - 15_000, '1'), stallAt(NOW_MS - 600_000, '2')];
    await sendWindow('a', { startMs: NOW_MS - 20_000, events });
    expect((await load()).stalls).toMatchObject([{ function: 'work', file: 'app.js', line: 1 }]);
  });

  it('counts no instance and no record of processes that ended before', async () => {
    await sendWindow('old', { startMs: NOW_MS - 600_000 });
    await sendWindow('new', { startMs: NOW_MS - 20_000 });
    const { services, processes } = await load();
    expect(services[0]?.instances).toBe(1);
    expect(processes.map(({ boot }) => boot)).toEqual(['new']);
    const longer = await load(1_200_000);
    expect(longer.services[0]?.instances).toBe(2);
  });

  it('holds two windows of a minute, and a minute of short ones', async () => {
    for (let i = 0; i < 4; i += 1) {
      const startMs = NOW_MS - 240_000 + i * 60_000;
      await sendWindow('a', { startMs, sequence: i + 1, routes: { '/': [1000] } }, 60_000);
    }
    nowMs = NOW_MS + 50_000;
    expect((await load()).seconds).toBeGreaterThanOrEqual(120);
    expect((await load(60_000)).seconds).toBe(0);
  });
});
