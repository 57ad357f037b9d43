/** Beacons from the request to the view, as a page or anybody else may send them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Frontend } from '../../../src/collector/views/frontend.js';
import { STATUS_UNTOLD } from '../../../src/shared/beacon-view.js';
import { traceEvent } from '../../../src/transport/trace-event.js';
import { quietLog } from '../../support/quiet-log.js';
import { makeBatch, send } from '../make-batch.js';
import {
  codeOf,
  KEY,
  makeView,
  ORIGIN,
  post,
  type Running,
  SITES,
  startTaking,
} from './make-view.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const log = quietLog();
let running: Running;

beforeEach(async () => {
  running = await startTaking({ now: () => NOW, log });
});
afterEach(() => running.remove());

async function frontend(): Promise<Frontend> {
  running = await running.again({ now: () => NOW + 20_000 });
  return running.json<Frontend>('/v1/frontend');
}

describe('POST /v1/beacon', () => {
  it('is not there, nor is the script, until a key and an origin are configured', async () => {
    const off = await startTaking({ beacon: {}, log });
    expect(await codeOf(await post(off.url, makeView()))).toEqual([403, 'other_origin']);
    expect((await fetch(`${off.url}/tachograph.js`)).status).toBe(404);
    await off.remove();
  });

  it('answers the origins of its sites alone, and tells their browsers so', async () => {
    const taken = await post(running.url, makeView());
    expect(taken.status).toBe(204);
    expect(taken.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(taken.headers.get('access-control-allow-credentials')).toBeNull();
    const asked = await fetch(`${running.url}/v1/beacon?key=${KEY}`, {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-method': 'POST' },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-methods')).toBe('POST');
    expect(asked.headers.get('access-control-allow-headers')).toBe('content-type');
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['the origin as a part of another', { origin: `${ORIGIN}.evil.example` }],
    ['another port', { origin: `${ORIGIN}:8443` }],
    ['plain HTTP', { origin: 'http://shop.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['no origin', { origin: '' }],
  ])('refuses %s, before it asks as well', async (_name, headers) => {
    const refused = await post(running.url, makeView(), { headers });
    expect(await codeOf(refused)).toEqual([403, 'wrong_origin']);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    const asked = await fetch(`${running.url}/v1/beacon`, { method: 'OPTIONS', headers });
    expect(asked.status).toBe(403);
  });

  it.each([['another-key'], [''], ['__proto__'], ['constructor']])(
    'refuses the key %j',
    async (key) => {
      expect(await codeOf(await post(running.url, makeView(), { key }))).toEqual([
        403,
        'wrong_key',
      ]);
    },
  );

  it('refuses what is over 16 KiB, whether it says so or not', async () => {
    const long = JSON.stringify({ ...makeView(), path: `/${'a'.repeat(16 * 1024)}` });
    expect(await codeOf(await post(running.url, long))).toEqual([413, 'body_too_large']);
    const chunks = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i++) controller.enqueue(new Uint8Array(1024).fill(32));
        controller.close();
      },
    });
    const response = await fetch(`${running.url}/v1/beacon?key=${KEY}`, {
      method: 'POST',
      body: chunks,
      duplex: 'half',
      headers: { 'content-type': 'text/plain', origin: ORIGIN },
    } as RequestInit);
    expect(await codeOf(response)).toEqual([413, 'body_too_large']);
  });

  it('refuses other types and encodings', async () => {
    for (const headers of [
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'application/msgpack' },
      { 'content-encoding': 'gzip' },
    ]) {
      const refused = await post(running.url, makeView(), { headers });
      expect(await codeOf(refused)).toEqual([415, 'unsupported_media_type']);
    }
    const json = { 'content-type': 'application/json' };
    expect((await post(running.url, makeView(), { headers: json })).status).toBe(204);
  });

  it('lets one address and all together send so much, and counts what it refused', async () => {
    let monotonicMs = 0;
    const limited = await startTaking({
      now: () => NOW,
      monotonicMs: () => monotonicMs,
      serverLimits: { isExempt: () => false },
      beacon: {
        sites: SITES,
        senderLimits: { perSecond: 2, burst: 5, sendersMax: 10 },
        overallLimits: { perSecond: 100, burst: 100, sendersMax: 1 },
      },
      log,
    });
    const statuses = async (count: number): Promise<number[]> => {
      const found: number[] = [];
      for (let i = 0; i < count; i++) found.push((await post(limited.url, makeView())).status);
      return found;
    };
    expect(await statuses(7)).toEqual([204, 204, 204, 204, 204, 429, 429]);
    const refused = await post(limited.url, makeView());
    expect(refused.headers.get('retry-after')).toBe('1');
    monotonicMs += 1000;
    expect(await statuses(3)).toEqual([204, 204, 429]);
    const after = await limited.again({ now: () => NOW + 20_000 });
    const { processes } = await after.json<{ processes: Record<string, unknown>[] }>('/v1/ledger');
    // Two values of each of 7 views: the view, and how it began.
    expect(processes).toMatchObject([{ recorded: 18, received: 14, dropped: { too_many: 4 } }]);
    expect(processes[0]).toMatchObject({ balanced: true, unaccounted: 0 });
    await after.remove();
  });

  it('says that it is busy when too much waits, and takes beacons again afterwards', async () => {
    const calls = Array.from({ length: 40 }, (_, i) => {
      const path = `/api/${i}/${'a'.repeat(180)}`;
      return ['GET', path, 200, 1, '', ''] as [string, string, number, number, string, string];
    });
    const large = makeView({ calls });
    let status = 0;
    let taken = 0;
    while (status !== 503) {
      ({ status } = await post(running.url, large));
      taken += 1;
    }
    const bytes = JSON.stringify(large).length;
    expect(taken).toBe(Math.floor((8 * 1024 * 1024) / bytes) + 1);
    running = await running.again({ now: () => NOW + 20_000 });
    expect((await post(running.url, large)).status).toBe(204);
  });
});

describe('what beacons told', () => {
  it('is found by page, device and connection, with percentiles from 20 views on', async () => {
    for (let i = 1; i <= 20; i++) {
      const vitals = { LCP: i * 200, CLS: i / 100, INP: 8 * i, TTFB: 100, load: 1000 };
      const device = i <= 15 ? 'desktop' : 'mobile';
      const view = makeView({ vitals, device, route: '/orders/:id', errors: 1 });
      expect((await post(running.url, view)).status).toBe(204);
    }
    const { vitals, pages, devices, connections } = await frontend();
    const close = (value: number) => expect.closeTo(value, 1);
    expect(pages).toEqual([
      {
        page: '/orders/:id',
        views: 20,
        lcp: close(3),
        inp: expect.closeTo(0.12, 2),
        cls: expect.closeTo(0.15, 3),
        fcp: null,
        ttfb: expect.closeTo(0.1, 3),
        load: close(1),
        errors: 20,
      },
    ]);
    expect(devices).toEqual([
      { device: 'desktop', views: 15, lcp: null, inp: null },
      { device: 'mobile', views: 5, lcp: null, inp: null },
    ]);
    expect(connections).toEqual([{ connection: '4g', views: 20, lcp: close(3), inp: close(0.12) }]);
    expect(vitals.find(({ name }) => name === 'LCP')).toMatchObject({
      unit: 's',
      samples: 20,
      // 200 to 2400, 2600 to 4000: the limits themselves are good, and not poor.
      good: 12,
      needsImprovement: 8,
      poor: 0,
      rating: 'needs-improvement',
      limit: 2.5,
    });
    expect(vitals.find(({ name }) => name === 'CLS')).toMatchObject({ unit: '1', limit: 0.1 });
    expect(vitals.find(({ name }) => name === 'FCP')).toMatchObject({ samples: 0, rating: null });
  });

  it('judges the budgets of the frontend, by the limits of the agent and not of the beacon', async () => {
    await send(running.url, makeBatch({ startMs: NOW - 10_000, routes: { '/a': [1000] } }));
    for (let i = 0; i < 20; i++) {
      await post(running.url, makeView({ vitals: { LCP: 2600 }, paces: [[10, 16.6]] }));
    }
    await frontend();
    const { budgets } = await running.json<{ budgets: { name: string; state: string }[] }>(
      '/v1/budgets',
    );
    const of = (name: string) => budgets.find((row) => row.name === name);
    expect(of('largest_contentful_paint')).toMatchObject({ state: 'breach', value: 2600 });
    // 60 frames a second keep their budget.
    expect(of('animation_frame')).toMatchObject({ state: 'ok', samples: 200 });
    expect(of('page_load_time')).toMatchObject({ state: 'no data' });
  });

  it('calls a page by the route of its trace, else by what the server told, then or before', async () => {
    const trace = 'a'.repeat(32);
    const kept = traceEvent({
      timeMs: NOW - 5000,
      traceId: trace,
      spanId: 'b'.repeat(16),
      parentId: undefined,
      reason: 'slow',
      attributes: { 'http.request.method': 'GET', 'http.route': '/orders/:orderId' },
      durationUs: 1_234_567,
      statusCode: 200,
      queries: 0,
      queryTimeUs: 0,
      middlewareTimeUs: 0,
      clientCalls: 0,
      cacheHits: 0,
      cacheMisses: 0,
      omitted: 0,
      spans: [],
    } as unknown as Parameters<typeof traceEvent>[0]);
    await send(running.url, makeBatch({ startMs: NOW - 10_000, events: [kept] }));
    await post(running.url, makeView({ trace, route: '/told' }));
    await post(running.url, makeView({ path: '/parts/:int', route: '/parts/:part' }));
    await post(running.url, makeView({ path: '/parts/:int', type: 'soft-navigation' }));
    await post(running.url, makeView({ path: '/plain', trace: 'c'.repeat(32) }));
    const { pages } = await frontend();
    expect(Object.fromEntries(pages.map(({ page, views }) => [page, views]))).toEqual({
      '/orders/:orderId': 1,
      '/parts/:part': 2,
      '/plain': 1,
    });
  });

  it('counts what came after a view as no view', async () => {
    await post(running.url, makeView({ vitals: { INP: 8 } }));
    await post(running.url, makeView({ isMore: true, errors: 3 }));
    const { pages } = await frontend();
    expect(pages).toMatchObject([{ views: 1, errors: 3 }]);
  });

  it('sums files by type, and calls by method and route', async () => {
    const resources: [['script', ...number[]], ['image', ...number[]]] = [
      ['script', 4, 1000, 4000, 4, 1, 3, 0],
      ['image', 2, 500, 500, 0, 0, 0, 1],
    ];
    const calls = [
      ['POST', '/api/orders', 201, 30, '', ''],
      ['POST', '/api/orders', 503, 30, '', ''],
      ['POST', '/api/orders', 0, 30, '', ''],
      ['GET', 'cdn.example/x', 0, 30, '', ''],
      ['PUT', '/api/orders', STATUS_UNTOLD, 20, '', ''],
    ];
    await post(running.url, { ...makeView(), resources, calls });
    const view = await frontend();
    expect(view.resources).toEqual([
      {
        type: 'script',
        count: 4,
        bytes: 1000,
        cachedRatio: 0.25,
        compressedRatio: 0.75,
        oversized: 0,
      },
      {
        type: 'image',
        count: 2,
        bytes: 500,
        cachedRatio: null,
        compressedRatio: null,
        oversized: 1,
      },
    ]);
    expect(view.ajax).toMatchObject([
      { method: 'POST', route: '/api/orders', calls: 3, errors: 2, p95: null },
      { method: 'GET', route: 'cdn.example/x', calls: 1, errors: 0 },
      { method: 'PUT', route: '/api/orders', calls: 1, errors: 0 },
    ]);
  });

  it('tells of vitals that were not good as events, with element and trace, the poorest first', async () => {
    const trace = 'd'.repeat(32);
    await post(
      running.url,
      makeView({ trace, vitals: { LCP: 5000, CLS: 0.05 }, targets: { LCP: '#hero>img' } }),
    );
    await frontend();
    const { events } = await running.json<{ events: { attributes: object }[] }>(
      '/v1/events?name=browser.web_vital',
    );
    expect(events.map(({ attributes }) => attributes)).toEqual([
      {
        'browser.device': 'desktop',
        'browser.page': '/orders/:int',
        'browser.web_vital.name': 'LCP',
        'browser.web_vital.rating': 'poor',
        'browser.web_vital.target': '#hero>img',
        'browser.web_vital.value': '5000',
        trace_id: trace,
      },
    ]);
  });

  it('keeps no address, and says who sent it on its resource alone', async () => {
    await post(running.url, makeView(), { headers: { 'x-forwarded-for': '198.51.100.7' } });
    await frontend();
    const { instances } = await running.json<{ instances: { agent: string; resource: object }[] }>(
      '/v1/instances',
    );
    expect(instances).toHaveLength(1);
    expect(instances[0]!.agent).toMatch(/^beacon:/);
    expect(instances[0]!.resource).toMatchObject({
      'service.name': 'shop',
      'tachograph.source': 'beacon',
    });
    expect(JSON.stringify(instances)).not.toMatch(/127\.0\.0\.1|198\.51/);
  });
});

describe('GET /tachograph.js', () => {
  const ask = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${running.url}/tachograph.js`, { headers });

  it('comes compressed, for every site, and as not changed when it is known', async () => {
    for (const encoding of ['br', 'gzip']) {
      const response = await ask({ 'accept-encoding': encoding });
      expect(response.headers.get('content-encoding')).toBe(encoding);
      expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('public, max-age=3600');
      expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(await response.text()).toContain('tachograph.beacon');
      const etag = response.headers.get('etag')!;
      const known = await ask({ 'accept-encoding': encoding, 'if-none-match': `"x", W/${etag}` });
      expect(known.status).toBe(304);
    }
    const plain = await ask({ 'accept-encoding': 'br;q=0, identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });
});
