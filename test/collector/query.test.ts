import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';
import { makeBatch, routeSeries, send } from './make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const STALL = [
  ['code.file.path', 'app.js'],
  ['code.function.name', 'work'],
  ['code.line.number', '3'],
  ['nodejs.eventloop.stall.duration', '0.400'],
  ['nodejs.eventloop.stall.id', '7'],
  ['nodejs.eventloop.stall.state', 'ended'],
] as const;
let folder = '';
let collector: Collector;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  collector = await startCollector({ folder, port: 0, queryThreads: 0, now: () => NOW });
  const cpu = {
    name: 'process.cpu.time',
    kind: 'counter',
    unit: 's',
    scale: 1e6,
    attributes: [],
  } as const;
  const rss = {
    name: 'process.memory.usage',
    kind: 'gauge',
    unit: 'By',
    scale: 1,
    attributes: [],
  } as const;
  for (let window = 0; window < 6; window++) {
    for (const version of ['1.0', '2.0']) {
      const boot = `boot-${version}`;
      await send(
        collector.url,
        makeBatch({
          boot,
          version,
          sequence: window + 1,
          startMs: NOW - (6 - window) * 10_000,
          routes: { '/a': [1000, 3000], '/b': [version === '1.0' ? 10_000 : 50_000] },
          counters: [{ series: cpu, value: 500_000 }],
          gauges: [{ series: rss, count: 1, sum: 100, min: 100, max: 100, last: 100 + window }],
          events:
            window === 0
              ? [{ timeMs: NOW - 60_000, name: 'start', attributes: [['why', 'x']] }]
              : window === 1
                ? [{ timeMs: NOW - 50_000, name: 'nodejs.eventloop.stall', attributes: STALL }]
                : [],
        }),
      );
    }
  }
});

afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly groups: {
    attributes: Record<string, string>;
    total: Record<string, number>;
    points: Record<string, number>[];
  }[];
  readonly [key: string]: unknown;
}

async function get(path: string): Promise<Answer> {
  const response = await fetch(collector.url + path);
  expect(response.headers.get('content-type')).toContain('application/json');
  return (await response.json()) as Answer;
}

const QUERY = '/v1/query?metric=http.server.request.duration&from=-1m&to=now';

describe('GET /v1/query', () => {
  it('merges everything without a group, in seconds', async () => {
    const body = await get(QUERY);
    expect(body).toMatchObject({
      kind: 'histogram',
      unit: 's',
      resolution: '10s',
      stepMs: null,
      groupsTotal: 1,
    });
    expect(body.groups).toHaveLength(1);
    const { total } = body.groups[0]!;
    expect(total).toMatchObject({ count: 36, rate: 36 / 60, min: 0.001, max: 0.05, p99: 0.05 });
    expect(total.sum).toBeCloseTo(24 * 0.002 + 6 * 0.06, 9);
    expect(Math.abs(total.p50! - 0.003)).toBeLessThanOrEqual(0.003 * 0.004);
  });

  it('groups by series and resource attributes, the largest sum first', async () => {
    const body = await get(`${QUERY}&group=service.version,http.route`);
    expect(body.groups.map(({ attributes, total }) => [attributes, total.count])).toEqual([
      [{ 'service.version': '2.0', 'http.route': '/b' }, 6],
      [{ 'service.version': '1.0', 'http.route': '/b' }, 6],
      [{ 'service.version': '1.0', 'http.route': '/a' }, 12],
      [{ 'service.version': '2.0', 'http.route': '/a' }, 12],
    ]);
  });

  it('keeps the largest groups when there are more than the limit, and says how many there are', async () => {
    const body = await get(`${QUERY}&group=*&limit=1`);
    expect(body.groupsTotal).toBe(2);
    expect(body.groups).toMatchObject([
      { attributes: { 'http.route': '/b' }, total: { count: 12 } },
    ]);
  });

  it('filters by series and resource attributes', async () => {
    const body = await get(`${QUERY}&where=http.route:/b&where=service.version:1.0`);
    expect(body.groups[0]!.total).toMatchObject({ count: 6, max: 0.01 });
    expect((await get(`${QUERY}&where=http.route:/c`)).groups).toEqual([]);
  });

  it('gives points by step', async () => {
    const body = await get(`${QUERY}&step=20s`);
    expect(body.groups[0]!.points.map(({ timeMs, count, rate }) => [timeMs, count, rate])).toEqual([
      [NOW - 60_000, 12, 0.6],
      [NOW - 40_000, 12, 0.6],
      [NOW - 20_000, 12, 0.6],
    ]);
  });

  it('gives the merged histogram only when asked', async () => {
    expect((await get(QUERY)).groups[0]!.total).not.toHaveProperty('histogram');
    const { total } = (await get(`${QUERY}&histogram=1`)).groups[0]!;
    expect(String(total.histogram)).toMatch(/^HISTFAAA/);
  });

  it('answers counters by value and rate, gauges by state', async () => {
    const counter = await get('/v1/query?metric=process.cpu.time&from=-1m');
    expect(counter.groups[0]!.total).toEqual({ value: 6, rate: 0.1 });
    const gauge = await get('/v1/query?metric=process.memory.usage&from=-1m');
    expect(gauge.groups[0]!.total).toEqual({ last: 105, mean: 100, min: 100, max: 100 });
  });

  it.each([
    ['no metric', '/v1/query'],
    ['a bad time', `${QUERY}&from=yesterday`.replace('from=-1m&', '')],
    ['a range turned round', '/v1/query?metric=a&from=now&to=-1h'],
    ['too many points', '/v1/query?metric=a&from=-1d&step=10s'],
    ['a bad step', `${QUERY}&step=0`],
    ['a bad condition', `${QUERY}&where=novalue`],
    ['too many groups', `${QUERY}&limit=501`],
    ['a far future', '/v1/query?metric=a&to=999999999999999'],
  ])('refuses %s', async (_name, path) => {
    const response = await fetch(collector.url + path);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining('expected') },
    });
  });

  it('answers 404 for a metric nobody sent', async () => {
    expect((await fetch(`${collector.url}/v1/query?metric=nothing`)).status).toBe(404);
  });
});

describe('listings', () => {
  it('name services, instances and metrics', async () => {
    expect(await get('/v1/services')).toEqual({
      services: [
        {
          name: 'shop',
          environments: ['test'],
          versions: expect.arrayContaining(['1.0', '2.0']),
          instances: 2,
          lastSeenMs: NOW,
        },
      ],
    });
    const { instances } = (await get('/v1/instances?service=shop')) as unknown as {
      instances: unknown[];
    };
    expect(instances).toHaveLength(2);
    expect(instances[0]).toMatchObject({ service: 'shop', skewMs: 0, firstSeenMs: NOW - 60_000 });
    expect(await get('/v1/instances?service=other')).toEqual({ instances: [] });
    const { metrics } = (await get('/v1/metrics?service=shop')) as unknown as {
      metrics: unknown[];
    };
    expect(metrics).toContainEqual({
      name: routeSeries('/a').name,
      kind: 'histogram',
      unit: 's',
      attributes: { 'http.request.method': ['GET'], 'http.route': ['/a', '/b'] },
      series: 2,
    });
  });

  it('give events with their process', async () => {
    expect((await get('/v1/events?from=-1h')).events).toHaveLength(4);
    expect(await get('/v1/events?from=-1h&to=-55s&limit=1')).toMatchObject({
      events: [{ name: 'start', service: 'shop', attributes: { why: 'x' }, timeMs: NOW - 60_000 }],
    });
    expect(await get('/v1/events?from=-30s')).toEqual({ events: [] });
  });

  it('give what blocked event loops, by line', async () => {
    const place = {
      service: 'shop',
      function: 'work',
      file: 'app.js',
      line: 3,
      count: 2,
      sum: 0.8,
    };
    expect(await get('/v1/stalls?service=shop')).toMatchObject({
      fromMs: NOW - 3_600_000,
      toMs: NOW,
      stalls: [{ ...place, max: 0.4, lastSeenMs: NOW - 50_000 }],
    });
    expect(await get('/v1/stalls?service=other')).toMatchObject({ stalls: [] });
    expect(await get('/v1/stalls?from=-30s')).toMatchObject({ stalls: [] });
    expect(await get('/v1/stalls?limit=501')).toMatchObject({ error: { code: 'bad_parameter' } });
  });
});
