/** Agents and a collector that has no room for more batches on their way, over real connections. */
import { mkdtempSync, rmSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { startCollector } from '../../../src/collector/start-collector.js';
import { systemClock } from '../../../src/transport/clock.js';
import { createSender } from '../../../src/transport/create-sender.js';
import { parseDestinations } from '../../../src/transport/destination.js';
import { Lane } from '../../../src/transport/lane.js';
import { makeBatch, send } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const MIB = 1024 * 1024;
const AGENTS = 6;
const VALUES = Array.from({ length: 300 }, (_, i) => 1000 + i * i * 37);
const ROUTES = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`/route/${i}`, VALUES]));
const PATIENCE = { timeout: 50_000, interval: 20 };

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A sender of 1 MiB that stops half-way. Resolves when the collector has begun to read it. */
async function stalledRequest(url: string): Promise<ClientRequest> {
  const outgoing = request(`${url}/v1/batches`, {
    method: 'POST',
    headers: {
      'content-type': 'application/msgpack',
      'content-length': MIB,
      'tachograph-agent': 'slow:1',
      'tachograph-boot': 'slow',
      'tachograph-sequence': '1',
      expect: '100-continue',
    },
  });
  outgoing.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    outgoing.on('continue', resolve);
    outgoing.flushHeaders();
  });
  await new Promise((resolve) => outgoing.write(Buffer.alloc(MIB / 2), resolve));
  return outgoing;
}

/** An agent's lane with a batch to deliver; it keeps it in memory. */
async function agentWithBatch(url: string, agent: number): Promise<Lane> {
  const [destination] = parseDestinations([url]).destinations;
  const boot = `boot-${agent}`;
  const lane = new Lane({
    label: url,
    boot,
    sender: await createSender(destination!, '', () => NOW),
    spool: undefined,
    account: new Float64Array(8),
    clock: systemClock,
    random: () => 0,
    onTrouble: () => undefined,
  });
  cleanups.push(() => lane.close());
  const batch = makeBatch({ startMs: NOW - 10_000, boot, routes: ROUTES });
  const ledger = { recorded: batch.records, dropped: {}, outside: 0 };
  lane.offer({ ...batch, ledger });
  return lane;
}

it('refuses large bodies with 503 while others fill the room, and their agents lose nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const log: string[] = [];
  const collector = await startCollector({
    folder,
    port: 0,
    queryThreads: 0,
    inFlightBytesMax: 1.5 * MIB,
    now: () => NOW,
    log: (line) => log.push(line),
  });
  cleanups.push(() => collector.close());
  const { url } = collector;
  const stalled = await stalledRequest(url);

  const large = makeBatch({ startMs: NOW - 10_000, boot: 'direct', routes: ROUTES });
  const refused = await send(url, large);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({
    error: { code: 'ingest_busy', message: expect.stringContaining('expected') },
  });
  const small = makeBatch({ startMs: NOW - 10_000, boot: 'small', routes: { '/s': [1] } });
  expect((await send(url, small)).status).toBe(200);

  const lanes = await Promise.all(
    Array.from({ length: AGENTS }, (_, agent) => agentWithBatch(url, agent)),
  );
  await vi.waitUntil(() => lanes.every((lane) => lane.state().failures > 0), PATIENCE);
  for (const lane of lanes) expect(lane.state().lastError).toContain('503');

  stalled.destroy();
  await vi.waitUntil(() => lanes.every((lane) => lane.state().pending.records === 0), PATIENCE);
  for (const lane of lanes) expect(lane.state()).toMatchObject({ dropped: {} });
  const query = `${url}/v1/query?metric=http.server.request.duration&service=shop&from=-1m`;
  const answer = (await (await fetch(query)).json()) as { groups: { total: { count: number } }[] };
  expect(answer.groups[0]?.total.count).toBe(AGENTS * 400 * VALUES.length + 1);
  expect(log).toEqual([]);
});
