/** The live stream: what arrives, what one missed, and its bounds. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createLiveBus,
  LISTENERS_MAX,
  type LiveBus,
} from '../../../src/collector/live/live-bus.js';
import { liveStream } from '../../../src/collector/live/live-stream.js';
import type { LiveTick } from '../../../src/collector/live/live-tick.js';
import { SOURCE_ATTRIBUTE, SOURCE_BEACON } from '../../../src/shared/beacon-source.js';
import { makeBatch, send } from '../../collector/make-batch.js';
import { shopEvents } from '../../support/shop/events.js';
import { type OpenShop, openShop, SHOP_NOW } from '../../support/shop/open-shop.js';
import { ROUTES } from '../../support/shop/routes.js';

const START = SHOP_NOW - 10_000;

function batchOf(window: number, service = 'shop') {
  const events = shopEvents({
    startMs: START,
    window: 5 + 6 * window,
    windows: 100_000,
    routes: ROUTES,
    random: () => 0.5,
    instance: 'live',
  });
  return makeBatch({
    boot: `live ${service}`,
    sequence: window + 1,
    startMs: START,
    service,
    events,
  });
}

/** Blocks of a stream until `enough` of them, as texts. */
async function blocks(body: ReadableStream<Uint8Array>, enough: number): Promise<string[]> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (text.split('\n\n').length <= enough) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text.split('\n\n').slice(0, enough);
}

describe('over HTTP', () => {
  let shop: OpenShop;
  beforeEach(async () => {
    shop = await openShop({ forMs: 0 });
  });
  afterEach(() => shop.close());

  it('tells of a kept request after its batch was committed, by the filters', async () => {
    await send(shop.url, batchOf(0));
    const all = await fetch(`${shop.url}/v1/live`);
    expect(all.headers.get('content-type')).toBe('text/event-stream');
    const [retry, event] = await blocks(all.body!, 2);
    expect(retry).toMatch(/^retry: \d+$/);
    const [id, name, data] = event!.split('\n');
    expect(id).toMatch(/^id: [\da-f]{8}-1$/);
    expect(name).toBe('event: request');
    expect(JSON.parse(data!.slice('data: '.length))).toMatchObject({
      ...{ service: 'shop', method: 'GET', route: ROUTES[0]!.route, status: 200 },
    });
    for (const filter of ['service=other', 'method=POST', 'route=/none', 'min=1h']) {
      const none = await fetch(`${shop.url}/v1/live?${filter}`);
      const [, next] = await blocks(none.body!, 2);
      expect(next).toContain('event: tick');
    }
  });

  it('gives what is wanted of the newest, not the newest of which none is wanted', async () => {
    await send(shop.url, batchOf(0));
    for (let window = 0; window < 60; window++) await send(shop.url, batchOf(window, 'other'));
    const answer = await fetch(`${shop.url}/v1/live?service=shop`);
    const [, event] = await blocks(answer.body!, 2);
    expect(event).toMatch(/^id: [\da-f]{8}-1\n/);
  });

  it('tells no percentile of fewer than 20 requests', async () => {
    const tickAfter = async (sequence: number, requests: number): Promise<LiveTick> => {
      const routes = { '/a': Array.from({ length: requests }, () => 1000) };
      await send(shop.url, makeBatch({ boot: 'few', sequence, startMs: START, routes }));
      const [, tick] = await blocks((await fetch(`${shop.url}/v1/live`)).body!, 2);
      return JSON.parse(tick!.split('data: ')[1]!) as LiveTick;
    };
    expect(await tickAfter(1, 19)).toMatchObject({ rate: 1.9, p50: null, p95: null });
    expect((await tickAfter(2, 1)).p95).toBeCloseTo(0.001, 4);
  });

  it('counts processes, of which what writes for browsers is none', async () => {
    const batch = makeBatch({ startMs: START, routes: { '/a': [1000] } });
    const pages = makeBatch({ boot: 'pages', startMs: START });
    const resource = [...pages.resource, [SOURCE_ATTRIBUTE, SOURCE_BEACON] as const];
    for (const one of [batch, { ...pages, resource }]) {
      expect((await send(shop.url, one)).status).toBe(200);
    }
    const [, tick] = await blocks((await fetch(`${shop.url}/v1/live`)).body!, 2);
    expect(tick).toContain('"instances":1');
  });

  it('gives what was missed to who comes back, and nothing twice', async () => {
    for (const window of [0, 1, 2]) await send(shop.url, batchOf(window));
    const first = await blocks((await fetch(`${shop.url}/v1/live`)).body!, 2);
    const id = /id: (\S+)/.exec(first[1]!)![1]!;
    const headers = { 'last-event-id': id };
    const rest = await blocks((await fetch(`${shop.url}/v1/live`, { headers })).body!, 3);
    expect(rest.slice(1).map((block) => /id: \S+-(\d+)/.exec(block)?.[1])).toEqual(['2', '3']);
  });

  it('gives all it has to who comes back from another run, which told nothing of this one', async () => {
    await send(shop.url, batchOf(0));
    const headers = { 'last-event-id': 'ffffffff-7' };
    const [, event] = await blocks((await fetch(`${shop.url}/v1/live`, { headers })).body!, 2);
    expect(event).toMatch(/^id: [\da-f]{8}-1\n/);
  });

  it('holds nothing for who asks for the head alone', async () => {
    for (let i = 0; i <= LISTENERS_MAX; i++) {
      await fetch(`${shop.url}/v1/live`, { method: 'HEAD' });
    }
    const answer = await fetch(`${shop.url}/v1/live`);
    expect(answer.status).toBe(200);
    await answer.body!.cancel();
  });

  it('refuses the listener that is one too many, and ends with the collector', async () => {
    const open = await Promise.all(
      Array.from({ length: LISTENERS_MAX }, () => fetch(`${shop.url}/v1/live`)),
    );
    expect(open.every(({ status }) => status === 200)).toBe(true);
    const refused = await fetch(`${shop.url}/v1/live`);
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([503, true]);
    await open[0]!.body!.cancel();
    await expect
      .poll(async () => {
        const again = await fetch(`${shop.url}/v1/live`);
        await again.body?.cancel();
        return again.status;
      })
      .toBe(200);
  });
});

describe('a listener that does not keep up', () => {
  const tick = { timeMs: 0, rate: null, p50: null, p95: null, errorRatio: null, instances: 0 };
  const streamOf = (live: LiveBus) =>
    liveStream({
      live,
      filter: { service: undefined, method: undefined, route: undefined, minMs: 0 },
      lastId: undefined,
      tick: async () => tick,
      tickMs: 3_600_000,
    })!;

  it('is left out, and told of how much', async () => {
    const live = createLiveBus({ epoch: 'test' });
    const stream = streamOf(live);
    for (let window = 0; window < 400; window++) live.publish(batchOf(window));
    const reader = stream.getReader();
    const read = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
    let pieces = 0;
    for (; pieces < 100; pieces++) await read();
    live.publish(batchOf(401));
    const texts = [await read(), await read()].join('');
    const omitted = Number(/"omitted":(\d+)/.exec(texts)?.[1]);
    expect(omitted).toBeGreaterThan(250);
    live.close();
  });
});
