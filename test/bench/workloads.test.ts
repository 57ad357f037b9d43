/** The applications that the bench measures. They need a built agent in dist/ (npm run build). */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { ARMS } from '../../bench/arms.js';
import { startArmProcess } from '../../bench/processes/arm-process.js';
import { openDatabase } from '../../bench/processes/database.js';
import { createWorkload, requestOf, WORKLOADS } from '../../bench/workloads/workloads.js';
import { ORDER_PAGE } from '../../examples/erp/sales/load-order-page.js';

const on = ARMS.find(({ role }) => role === 'treatment');
if (on === undefined) throw new Error('expected an arm with the agent');

/** For the agent's worker to be up, on a machine that is busy with other tests. */
const SETTLE_MS = 3000;
const database = await openDatabase(() => {});
afterAll(() => database.stop());

describe.each(WORKLOADS)('$name', ({ name, path, needsDatabase }) => {
  const resources = needsDatabase ? { databaseUrl: database.url } : {};

  it('has each request recorded, those before the measured ones too, and ends by itself', async () => {
    const task = { workload: name, resources, settleMs: SETTLE_MS, warmUp: 20, measured: 30 };
    const child = await startArmProcess(on, 'in-memory.js', task);
    const { answered } = await child.nextMessage();
    expect((await child.finish(answered + 50)).requests).toBe(answered + 50);
  });

  it('serves over a port as well', async () => {
    const child = await startArmProcess(on, 'server.js', { workload: name, resources });
    const { port, headers = {}, answered = 0 } = await child.nextMessage();
    await sleep(SETTLE_MS);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers, redirect: 'manual' });
    await answer.arrayBuffer();
    expect(answer.status).toBe(200);
    await child.finish(answered + 1);
  });
});

it('the order page is the one whose queries are counted: eight', () => {
  const row = WORKLOADS.find(({ name }) => name === 'erp-order-page');
  expect(row?.path).toBe(ORDER_PAGE.path);
  expect(ORDER_PAGE.queries).toBe(8);
});

it('the order page does not start without a database', async () => {
  const row = WORKLOADS.find(({ name }) => name === 'erp-order-page');
  if (row === undefined) throw new Error('expected the order page');
  await expect(createWorkload(row)).rejects.toThrow('expected a database');
});

it('a request carries what its application wants it to', () => {
  const [workload] = WORKLOADS;
  if (workload === undefined) throw new Error('expected a workload');
  const server = {} as Parameters<typeof requestOf>[1]['server'];
  const bytes = requestOf(workload, { server, headers: { cookie: 'a=b' } }).toString('latin1');
  expect(bytes).toMatch(/^GET \/hello HTTP\/1\.1\r\nHost: bench\.test\r\n/);
  expect(bytes).toMatch(/\r\ncookie: a=b\r\n\r\n$/);
});
