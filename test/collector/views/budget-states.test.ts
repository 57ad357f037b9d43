import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import type { BudgetRow } from '../../../src/collector/views/budget-states.js';
import {
  DB_CLIENT_CONNECTION_COUNT,
  DB_CLIENT_CONNECTION_MAX,
} from '../../../src/shared/database-metrics.js';
import type { Metric } from '../../../src/shared/metric.js';
import { SYSTEM_FILESYSTEM_UTILIZATION } from '../../../src/shared/metrics.js';
import type { Attributes, GaugePoint } from '../../../src/transport/batch.js';
import { makeBatch, send } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
let collector: Collector;

let nowMs = NOW;

beforeAll(async () => {
  collector = await startCollector({ folder, port: 0, queryThreads: 0, now: () => nowMs });
});
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

const pool = (name: string, state?: string): Attributes => [
  ['db.client.connection.pool.name', name],
  ...(state === undefined ? [] : ([['db.client.connection.state', state]] as const)),
];

function gauge(metric: Metric, attributes: Attributes, value: number): GaugePoint {
  const { name, unit, scale } = metric;
  const series = { name, kind: 'gauge', unit, scale, attributes } as const;
  return { series, count: 2, sum: 2 * value, min: value, max: value, last: value };
}

it('the use of a pool is what it has in use, of what it may have', async () => {
  const gauges = [
    gauge(DB_CLIENT_CONNECTION_COUNT, pool('a', 'used'), 8),
    gauge(DB_CLIENT_CONNECTION_COUNT, pool('a', 'idle'), 2),
    gauge(DB_CLIENT_CONNECTION_MAX, pool('a'), 10),
    gauge(DB_CLIENT_CONNECTION_COUNT, pool('b', 'used'), 9),
    gauge(DB_CLIENT_CONNECTION_MAX, pool('b'), 100),
    gauge(DB_CLIENT_CONNECTION_COUNT, pool('limitless', 'used'), 9),
    gauge(DB_CLIENT_CONNECTION_MAX, pool('limitless'), 0),
  ];
  await send(collector.url, makeBatch({ startMs: NOW - 20_000, gauges }));
  const response = await fetch(`${collector.url}/v1/budgets`);
  const { budgets } = (await response.json()) as { budgets: BudgetRow[] };
  expect(budgets.find(({ name }) => name === 'db_connections')).toMatchObject({
    layer: 'database',
    state: 'breach',
    unit: '%',
    value: 80,
    valueLimit: 70,
    attributes: { 'db.client.connection.pool.name': 'a' },
    groups: 2,
    groupsInBreach: 1,
  });
});

it('the space of a disk is that of each host: one that is full is not made good by empty ones', async () => {
  const root: Attributes = [['system.filesystem.mountpoint', '/']];
  for (const [host, share] of [
    ['full', 98],
    ['empty', 10],
  ] as const) {
    const { scale } = SYSTEM_FILESYSTEM_UTILIZATION;
    const gauges = [gauge(SYSTEM_FILESYSTEM_UTILIZATION, root, (share * scale) / 100)];
    const batch = makeBatch({ startMs: NOW - 20_000, agent: `${host}:1`, gauges });
    const resource = batch.resource.filter(([name]) => name !== 'host.name');
    await send(collector.url, { ...batch, resource: [...resource, ['host.name', host]] });
  }
  const response = await fetch(`${collector.url}/v1/budgets`);
  const { budgets } = (await response.json()) as { budgets: BudgetRow[] };
  expect(budgets.find(({ name }) => name === 'disk_space')).toMatchObject({
    state: 'breach',
    value: 98,
    attributes: { 'host.name': 'full', 'system.filesystem.mountpoint': '/' },
    groups: 2,
  });
});

it('what is used up in one place is told, however much is left in others', async () => {
  for (const [index, share] of [1, 0.1, 0.1].entries()) {
    const batch = makeBatch({
      agent: `host-${index}:1`,
      boot: `boot-${index}`,
      service: 'worker',
      startMs: NOW - 20_000,
      gauges: [
        gauge(DB_CLIENT_CONNECTION_COUNT, pool('a', 'used'), 10 * share),
        gauge(DB_CLIENT_CONNECTION_MAX, pool('a'), 10),
        gauge(
          SYSTEM_FILESYSTEM_UTILIZATION,
          [['system.filesystem.mountpoint', '/']],
          share * SYSTEM_FILESYSTEM_UTILIZATION.scale,
        ),
      ],
    });
    const resource: Attributes = [
      ['host.name', `host-${index}`],
      ['service.instance.id', `boot-${index}`],
      ['service.name', 'worker'],
    ];
    expect((await send(collector.url, { ...batch, resource })).status).toBe(200);
  }
  const response = await fetch(`${collector.url}/v1/budgets?service=worker`);
  const { budgets } = (await response.json()) as { budgets: BudgetRow[] };
  const of = (budget: string) => budgets.find(({ name }) => name === budget);
  expect(of('db_connections')).toMatchObject({ value: 100, groups: 3, groupsInBreach: 1 });
  expect(of('disk_space')).toMatchObject({
    value: 100,
    attributes: { 'host.name': 'host-0', 'system.filesystem.mountpoint': '/' },
    groups: 3,
    groupsInBreach: 1,
  });
});

it('a process that was soon over is not held against the service that goes on', async () => {
  const resourceOf = (id: string): Attributes => [
    ['host.name', 'host'],
    ['service.instance.id', id],
    ['service.name', 'lasting'],
  ];
  const tell = async (id: string, sequence: number, agoMs: number, used: number) => {
    const batch = makeBatch({
      ...{ agent: `${id}:1`, boot: id, service: 'lasting', sequence, startMs: NOW - agoMs },
      gauges: [
        gauge(DB_CLIENT_CONNECTION_COUNT, pool('a', 'used'), used),
        gauge(DB_CLIENT_CONNECTION_MAX, pool('a'), 10),
      ],
    });
    nowMs = NOW - agoMs + 10_000;
    expect((await send(collector.url, { ...batch, resource: resourceOf(id) })).status).toBe(200);
    nowMs = NOW;
  };
  for (let minute = 30; minute > 0; minute -= 5)
    await tell('server', 31 - minute, minute * 60_000, 2);
  await tell('migration', 1, 20 * 60_000, 10);
  const ask = async () => {
    const response = await fetch(`${collector.url}/v1/budgets?service=lasting`);
    const { budgets } = (await response.json()) as { budgets: BudgetRow[] };
    return budgets.find(({ name }) => name === 'db_connections');
  };
  expect(await ask()).toMatchObject({ state: 'ok', value: 20, groups: 1 });
  await tell('young', 1, 30_000, 10);
  expect(await ask()).toMatchObject({ state: 'breach', value: 100, groups: 2 });
});
