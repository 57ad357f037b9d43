import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Packr } from 'msgpackr';
import { afterEach, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';
import { CARDINALITY_DEFAULT } from '../../src/collector/store/file-index.js';
import type { TraceDetail } from '../../src/collector/views/traces.js';
import { createSender } from '../../src/transport/create-sender.js';
import { parseDestinations } from '../../src/transport/destination.js';
import { encodeBatch } from '../../src/transport/encode-batch.js';
import { traceEvent } from '../../src/transport/trace-event.js';
import { quietLog } from '../support/quiet-log.js';
import { DAY_MS, durationSeries, histogramOf, makeBatch, payloadOf, send } from './make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const log = quietLog();
const folders: string[] = [];
const collectors: Collector[] = [];

type Options = Partial<Parameters<typeof startCollector>[0]>;

async function start(options: Options = {}): Promise<Collector> {
  const folder = join(mkdtempSync(join(tmpdir(), 'tacho-')), 'data');
  folders.push(folder);
  const collector = await startCollector({
    port: 0,
    queryThreads: 0,
    now: () => NOW,
    log,
    ...options,
    folder,
  });
  collectors.push(collector);
  return collector;
}

afterEach(async () => {
  for (const collector of collectors.splice(0)) await collector.close();
  for (const folder of folders.splice(0)) rmSync(join(folder, '..'), { recursive: true });
});

async function codeOf(response: Response): Promise<[number, string]> {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  expect(error.message.length).toBeGreaterThan(20);
  return [response.status, error.code];
}

const batch = makeBatch({ startMs: NOW - 10_000, routes: { '/a': [1000, 2000, 3000] } });

/** All but its spans. */
const LONG_TRACE = {
  timeMs: NOW - 5000,
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  parentId: 'c'.repeat(16),
  reason: 'slow',
  attributes: { 'http.request.method': 'GET', 'http.route': '/orders/:id' },
  durationUs: 1_234_567,
  statusCode: 200,
  queries: 128,
  queryTimeUs: 1000,
  middlewareTimeUs: 20,
  clientCalls: 1,
  cacheHits: 0,
  cacheMisses: 0,
  omitted: 0,
} as const;

async function countAt(url: string): Promise<number> {
  const response = await fetch(`${url}/v1/query?metric=http.server.request.duration&from=-2d`);
  if (response.status === 404) return 0;
  const body = (await response.json()) as { groups: { total: { count: number } }[] };
  return body.groups[0]?.total.count ?? 0;
}

describe('POST /v1/batches', () => {
  it('does not take the ledger of a part of an older batch for the newest', async () => {
    const { url } = await start();
    const ledger = { recorded: 6, delivered: 3, pending: 3, dropped: {} };
    await send(
      url,
      makeBatch({ startMs: NOW - 10_000, sequence: 3, ledger, routes: { '/a': [1, 2, 3] } }),
    );
    const part = 2 ** 52 + 2 * 4096 + 2;
    const older = { recorded: 3, delivered: 0, pending: 3, dropped: {} };
    const sent = makeBatch({
      startMs: NOW - 20_000,
      sequence: part,
      ledger: older,
      routes: { '/b': [1, 2, 3] },
    });
    expect((await send(url, sent)).status).toBe(200);
    const body = (await (await fetch(`${url}/v1/ledger`)).json()) as { processes: object[] };
    expect(body.processes[0]).toMatchObject({ lastSequence: 3, recorded: 6, balanced: true });
  });

  it('stores a batch once, however often it is sent', async () => {
    const { url } = await start();
    const first = await send(url, batch);
    expect([first.status, await first.json()]).toEqual([200, { duplicate: false }]);
    const again = await send(url, batch);
    expect([again.status, await again.json()]).toEqual([200, { duplicate: true }]);
    expect(await countAt(url)).toBe(3);
  });

  it('takes the longest trace that an agent makes, and gives it back', async () => {
    const { url } = await start();
    const statement = (i: number): string => `SELECT "${i}" `.padEnd(256, 'é"');
    const spans = Array.from({ length: 128 }, (_, i) => ({
      name: 'db.client.operation.duration',
      attributes: { 'db.query.text': statement(i), 'db.system.name': 'postgresql' },
      startUs: i * 1000,
      durationUs: i + 1,
      detail: 1,
    }));
    const trace = { ...LONG_TRACE, spans };
    const sent = makeBatch({ startMs: NOW - 10_000, events: [traceEvent(trace)] });
    expect((await send(url, sent)).status).toBe(200);
    const answer = await fetch(`${url}/v1/traces/${trace.traceId}`);
    const { parts } = (await answer.json()) as { parts: TraceDetail[] };
    expect(parts).toHaveLength(1);
    const [back] = parts;
    expect(back!.spans.length).toBeGreaterThan(20);
    expect(back!.spans.length + back!.spansOmitted).toBe(128);
    const cut = spans.map(({ attributes }) => attributes['db.query.text'].slice(0, 200));
    for (const { attributes } of back!.spans) expect(cut).toContain(attributes['db.query.text']);
  });

  it('tells batches of other boots, agents and sequences apart', async () => {
    const { url } = await start();
    for (const other of [{ boot: 'b' }, { agent: 'c' }, { sequence: 2 }]) {
      const parts = { startMs: NOW - 10_000, routes: { '/a': [1] }, ...other };
      expect(await (await send(url, makeBatch(parts))).json()).toEqual({ duplicate: false });
    }
    expect(await countAt(url)).toBe(3);
  });

  it('stores one of the same batch sent many times at once', async () => {
    const { url } = await start();
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => (await send(url, batch)).json()),
    );
    expect(answers.filter((answer) => !(answer as { duplicate: boolean }).duplicate)).toHaveLength(
      1,
    );
    expect(await countAt(url)).toBe(3);
  });

  it('takes gzip', async () => {
    const { url } = await start();
    const body = gzipSync(encodeBatch(batch));
    const answer = await send(url, batch, { body, headers: { 'content-encoding': 'gzip' } });
    expect(answer.status).toBe(200);
    expect(await countAt(url)).toBe(3);
  });

  it('knows a duplicate before it decodes the body', async () => {
    const { url } = await start();
    await send(url, batch);
    const answer = await send(url, batch, { body: new Uint8Array([0xc1]) });
    expect(await answer.json()).toEqual({ duplicate: true });
  });

  it('refuses other content types and encodings', async () => {
    const { url } = await start();
    const json = await send(url, batch, { headers: { 'content-type': 'application/json' } });
    expect(await codeOf(json)).toEqual([415, 'unsupported_media_type']);
    const brotli = await send(url, batch, { headers: { 'content-encoding': 'br' } });
    expect(await codeOf(brotli)).toEqual([415, 'unsupported_encoding']);
  });

  it('refuses a batch of a later version as one that no smaller part of it would mend', async () => {
    const { url } = await start();
    const body = encodeBatch(batch);
    body[1] = 2;
    expect(await codeOf(await send(url, batch, { body }))).toEqual([415, 'unsupported_version']);
    const broken = Uint8Array.from(body);
    broken[1] = 0x80;
    expect((await send(url, batch, { body: broken })).status).toBe(400);
  });

  it('refuses a body over 1 MiB', async () => {
    const { url } = await start();
    const answer = await send(url, batch, { body: new Uint8Array(1024 * 1024 + 1) });
    expect(await codeOf(answer)).toEqual([413, 'body_too_large']);
  });

  it('refuses a body that is too large without saying so first', async () => {
    const { url } = await start();
    const status = await new Promise<number>((resolve, reject) => {
      const outgoing = request(`${url}/v1/batches`, {
        method: 'POST',
        headers: {
          'content-type': 'application/msgpack',
          'tachograph-agent': 'a',
          'tachograph-boot': 'b',
          'tachograph-sequence': '1',
        },
      });
      outgoing.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
        outgoing.destroy();
      });
      outgoing.on('error', reject);
      for (let chunk = 0; chunk < 20; chunk++) outgoing.write(Buffer.alloc(64 * 1024));
    });
    expect(status).toBe(413);
  });

  it('takes a sender that goes away half-way as no failure of its own', async () => {
    const lines: string[] = [];
    const { url } = await start({ log: (line) => lines.push(line) });
    await new Promise<void>((resolve) => {
      const outgoing = request(`${url}/v1/batches`, {
        method: 'POST',
        headers: {
          'content-type': 'application/msgpack',
          'content-length': 1000,
          'tachograph-agent': 'a',
          'tachograph-boot': 'b',
          'tachograph-sequence': '1',
        },
      });
      outgoing.on('error', () => {});
      outgoing.on('close', resolve);
      outgoing.write('half', () => setTimeout(() => outgoing.destroy(), 100));
    });
    expect((await send(url, batch)).status).toBe(200);
    expect(lines).toEqual([]);
  });

  it('refuses a gzip bomb and broken gzip', async () => {
    const { url } = await start();
    const headers = { 'content-encoding': 'gzip' };
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(bomb.byteLength).toBeLessThan(100_000);
    expect(await codeOf(await send(url, batch, { body: bomb, headers }))).toEqual([
      413,
      'inflated_too_large',
    ]);
    const broken = gzipSync(encodeBatch(batch)).subarray(0, 40);
    expect(await codeOf(await send(url, batch, { body: broken, headers }))).toEqual([
      400,
      'bad_gzip',
    ]);
  });

  it.each([
    ['a million nested arrays', Buffer.alloc(1_000_000, 0x91)],
    ['an extension type', new Packr().pack([new Date(0)])],
    ['a msgpackr record', new Packr({ useRecords: true }).pack({ a: 1 })],
    ['torn bytes', encodeBatch(batch).subarray(0, 100)],
    ['nothing', new Uint8Array(0)],
  ])('refuses hostile msgpack: %s', async (_name, body) => {
    const { url } = await start();
    expect(await codeOf(await send(url, batch, { body }))).toEqual([400, 'bad_msgpack']);
    expect(await countAt(url)).toBe(0);
  });

  it('refuses msgpack that is no batch', async () => {
    const { url } = await start();
    const body = new Packr().pack([1, 2, 3]);
    expect(await codeOf(await send(url, batch, { body }))).toEqual([400, 'bad_batch']);
  });

  it.each(['agent', 'boot', 'sequence'])(
    'refuses a batch whose %s is not the header’s',
    async (name) => {
      const { url } = await start();
      const answer = await send(url, batch, { headers: { [`tachograph-${name}`]: '77' } });
      expect(await codeOf(answer)).toEqual([400, 'bad_batch']);
    },
  );

  it('takes a batch of a host whose name no header can hold, once, and keeps that name', async () => {
    const { url } = await start();
    const [destination] = parseDestinations([url]).destinations;
    const sender = await createSender(destination!, '', () => NOW);
    const agent = 'b\u00fcro \u{1f4a5}:1';
    const odd = makeBatch({ startMs: NOW - 10_000, agent, routes: { '/a': [1, 2, 3] } });
    for (let i = 0; i < 2; i++) {
      const outcome = await sender.send({ ...odd, body: encodeBatch(odd) }, 5000);
      expect(outcome).toEqual({ kind: 'accepted' });
    }
    await sender.close();
    expect(await countAt(url)).toBe(3);
    const { instances } = (await (await fetch(`${url}/v1/instances`)).json()) as {
      instances: object[];
    };
    expect(instances).toEqual([expect.objectContaining({ agent })]);
  });

  it('refuses a name in the body that is longer than any header’s', async () => {
    const { url } = await start();
    const agent = 'x'.repeat(300);
    const long = makeBatch({ startMs: NOW - 10_000, agent, routes: { '/a': [1] } });
    const headers = { 'tachograph-agent': agent.slice(0, 255) };
    expect(await codeOf(await send(url, long, { headers }))).toEqual([400, 'bad_batch']);
  });

  it('refuses missing and unusable headers', async () => {
    const { url } = await start();
    for (const headers of [
      { 'tachograph-agent': '' },
      { 'tachograph-boot': 'x'.repeat(256) },
      { 'tachograph-sequence': '0' },
      { 'tachograph-sequence': '1.5' },
    ]) {
      const answer = await send(url, batch, { headers: headers as Record<string, string> });
      expect(await codeOf(answer)).toEqual([400, 'bad_identity']);
    }
  });

  it('refuses times more than a day ahead and takes those up to a day', async () => {
    const { url } = await start();
    const ahead = makeBatch({ startMs: NOW + DAY_MS - 20_000, routes: { '/a': [1] } });
    expect((await send(url, ahead)).status).toBe(200);
    const future = makeBatch({ startMs: NOW + DAY_MS + 1, sequence: 2, routes: { '/a': [1] } });
    expect(await codeOf(await send(url, future))).toEqual([422, 'in_the_future']);
  });

  it('refuses windows too old to tell a duplicate', async () => {
    const { url } = await start();
    const old = makeBatch({ startMs: NOW - 15 * DAY_MS, routes: { '/a': [1] } });
    expect(await codeOf(await send(url, old))).toEqual([422, 'too_old']);
    const recent = makeBatch({ startMs: NOW - 13 * DAY_MS, routes: { '/a': [1] } });
    expect((await send(url, recent)).status).toBe(200);
  });

  it.each([
    ['torn payload', { payload: payloadOf([1, 2, 300]).subarray(0, 41) }],
    ['no payload', { payload: new Uint8Array(0) }],
    ['another count', { count: 4 }],
    ['five digits', { payload: payloadOf([1, 2, 300], 5) }],
  ])('refuses a histogram with %s', async (_name, fault) => {
    const { url } = await start();
    const point = { ...histogramOf(durationSeries(), [1, 2, 300]), ...fault };
    const bad = makeBatch({ startMs: NOW - 10_000, histograms: [point] });
    expect((await send(url, bad)).status).toBe(400);
    expect(await countAt(url)).toBe(0);
  });

  it('refuses a point whose series is of another kind', async () => {
    const { url } = await start();
    const series = durationSeries();
    const gauge = { series, count: 1, sum: 1, min: 1, max: 1, last: 1 };
    const histogram = histogramOf({ ...series, kind: 'counter' }, [1]);
    for (const points of [
      { counters: [{ series, value: 5 }] },
      { gauges: [gauge] },
      { histograms: [histogram] },
    ]) {
      const answer = await send(url, makeBatch({ startMs: NOW - 10_000, ...points }));
      expect(await codeOf(answer)).toEqual([400, 'bad_batch']);
    }
  });

  it('keeps totals exact past the series limit', async () => {
    const limits = {
      ...CARDINALITY_DEFAULT,
      seriesPerServiceMax: 10,
      metricsPerServiceMax: 100,
      processesMax: 100,
    };
    const { url } = await start({ limits });
    const routes = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`/r${i}`, [i + 1, 1000]]),
    );
    await send(url, makeBatch({ startMs: NOW - 10_000, routes }));
    const query = `${url}/v1/query?metric=http.server.request.duration&from=-1h`;
    const all = (await (await fetch(query)).json()) as {
      groups: { total: { count: number; sum: number } }[];
    };
    expect(all.groups[0]?.total).toMatchObject({ count: 100, sum: (50 * 1000 + 1275) / 1e6 });
    const grouped = (await (await fetch(`${query}&group=http.route`)).json()) as {
      groups: { attributes: Record<string, string>; total: { count: number } }[];
    };
    expect(grouped.groups).toHaveLength(11);
    const other = grouped.groups.find(({ attributes }) => attributes['http.route'] === '(other)');
    expect(other?.total.count).toBe(80);
  });

  it('refuses metrics and processes past their limit, and takes the known ones', async () => {
    const limits = {
      ...CARDINALITY_DEFAULT,
      seriesPerServiceMax: 10,
      metricsPerServiceMax: 1,
      processesMax: 1,
    };
    const { url } = await start({ limits });
    expect((await send(url, batch)).status).toBe(200);
    const counter = {
      series: { ...durationSeries(), name: 'other', kind: 'counter' as const },
      value: 1,
    };
    const more = makeBatch({ startMs: NOW - 10_000, sequence: 2, counters: [counter] });
    expect(await codeOf(await send(url, more))).toEqual([422, 'limit_reached']);
    const stranger = makeBatch({ startMs: NOW - 10_000, boot: 'b', routes: { '/a': [1] } });
    expect(await codeOf(await send(url, stranger))).toEqual([422, 'limit_reached']);
    const known = makeBatch({ startMs: NOW - 10_000, sequence: 3, routes: { '/a': [1] } });
    expect((await send(url, known)).status).toBe(200);
    expect(await countAt(url)).toBe(4);
  });

  it('limits the rate of one agent and not of another', async () => {
    // A clock that stands: how fast this machine is does not matter.
    const { url } = await start({ monotonicMs: () => 0 });
    const statuses: number[] = [];
    const flood = async (sequence: number): Promise<void> => {
      const answer = await send(url, { ...batch, identity: { ...batch.identity, sequence } });
      statuses.push(answer.status);
      if (answer.status === 429)
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      await answer.arrayBuffer();
    };
    await Promise.all(Array.from({ length: 600 }, (_, i) => flood(i + 1)));
    expect(statuses).toContain(429);
    expect(statuses).toContain(200);
    expect(
      (await send(url, makeBatch({ startMs: NOW, agent: 'calm', routes: { '/a': [1] } }))).status,
    ).toBe(200);
  });

  it('keeps its files to their owner', async () => {
    const collector = await start();
    await send(collector.url, batch);
    const folder = folders.at(-1) as string;
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'raw-2026-11-23.db')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'raw-2026-11-23.db-wal')).mode & 0o777).toBe(0o600);
  });
});
