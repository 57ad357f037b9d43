/** Beacons that nobody's page sent: what anybody can write into one. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../../src/alerts/default-rules.js';
import { silenceSamples } from '../../../src/collector/alerts/collector-samples.js';
import { BeaconNames } from '../../../src/collector/beacon/beacon-names.js';
import { readBeaconSites } from '../../../src/collector/beacon/beacon-sites.js';
import { readView } from '../../../src/collector/beacon/read-view.js';
import { HttpError } from '../../../src/collector/http/http-error.js';
import type { ProcessAccount } from '../../../src/collector/query/ledger.js';
import type { Frontend } from '../../../src/collector/views/frontend.js';
import { mayRaiseCritical } from '../../../src/shared/browser-metrics.js';
import { BUDGETS } from '../../../src/shared/budgets.js';
import { quietLog } from '../../support/quiet-log.js';
import { makeView, post, type Running, startTaking } from './make-view.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const log = quietLog();
let running: Running;

beforeEach(async () => {
  running = await startTaking({ now: () => NOW, log });
});
afterEach(() => running.remove());

async function frontend(): Promise<Frontend> {
  running = await running.again({ now: () => NOW + 20_000 });
  return running.json<Frontend>('/v1/frontend?limit=500');
}

const MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
const LINES = '/a\r\nSet-Cookie: x=1\u0000\u001b[31m\u2028\u202ered';

describe('a hostile name', () => {
  it('is text from the beacon to the answer, without what would end or turn a line', async () => {
    for (const route of [MARKUP, LINES, '__proto__', 'constructor', '=HYPERLINK("x")', '\ud800']) {
      const calls = [['GET', route, 200, 1, '', route]];
      const body = { ...makeView({ route }), calls, scripts: [[route, route, 9]] };
      expect((await post(running.url, body)).status).toBe(204);
    }
    const { pages, ajax, scripts } = await frontend();
    const clean = '/a\ufffd\ufffdSet-Cookie: x=1\ufffd\ufffd[31m\ufffd\ufffdred';
    const names = [MARKUP, clean, '__proto__', 'constructor', '=HYPERLINK("x")', '\ufffd'].sort();
    expect(pages.map(({ page }) => page).sort()).toEqual(names);
    expect(ajax.map(({ route }) => route).sort()).toEqual(names);
    expect(scripts.map(({ url }) => url).sort()).toEqual(names);
    expect(pages.every(({ views }) => views === 1)).toBe(true);
  });

  it('is cut, and past a number of them is (other), while sums stay exact', async () => {
    for (let i = 0; i < 150; i++) {
      const path = `/${'x'.repeat(300)}`.slice(0, 100 + (i % 100)) + i;
      const calls = [
        ['GET', `/c/${i}`, 200, 10, '', ''],
        ['GET', `/d/${i}`, 200, 10, '', ''],
      ];
      await post(running.url, { ...makeView({ path, vitals: { LCP: 1000 } }), calls });
    }
    const { pages, ajax, vitals } = await frontend();
    expect(pages).toHaveLength(101);
    expect(pages.find(({ page }) => page === '(other)')).toMatchObject({ views: 50 });
    expect(pages.reduce((sum, { views }) => sum + views, 0)).toBe(150);
    expect(vitals.find(({ name }) => name === 'LCP')).toMatchObject({ samples: 150 });
    expect(ajax).toHaveLength(151);
    expect(ajax.reduce((sum, { calls }) => sum + calls, 0)).toBe(300);
    expect(pages.every(({ page }) => page.length <= 200)).toBe(true);
  });

  it('begins anew with the next day', () => {
    const names = new BeaconNames();
    names.atTime(NOW);
    const admitted = (count: number): number =>
      Array.from({ length: count }, (_, i) => names.admits('page', `/${i}`)).filter(Boolean).length;
    expect(admitted(150)).toBe(100);
    names.atTime(NOW + 12 * 3_600_000);
    expect(names.admits('page', '/149')).toBe(true);
  });
});

describe('a hostile number', () => {
  it('is clamped to what a page can be', async () => {
    const body = JSON.stringify(makeView()).replace(
      '"vitals":{}',
      '"vitals":{"LCP":1e300,"CLS":1e9,"FCP":-5,"TTFB":0}',
    );
    expect((await post(running.url, body)).status).toBe(204);
    await frontend();
    const max = async (metric: string): Promise<number> => {
      const { groups } = await running.json<{ groups: { total: { max: number } }[] }>(
        `/v1/query?metric=${metric}`,
      );
      return groups[0]!.total.max;
    };
    expect(await max('browser.largest_contentful_paint')).toBe(3600);
    expect(await max('browser.cumulative_layout_shift')).toBe(100);
    expect(await max('browser.first_contentful_paint')).toBe(0);
  });
});

describe('what is no view', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', '{"version":1'],
    ['another version', JSON.stringify({ ...makeView(), version: 2 })],
    ['a list', '[]'],
    ['null', 'null'],
    ['a depth', '['.repeat(8000) + ']'.repeat(8000)],
    ['an invented kind of navigation', JSON.stringify({ ...makeView(), type: 'toString' })],
    ['an invented device', JSON.stringify({ ...makeView(), device: '<b>' })],
    ['a path that is no text', JSON.stringify({ ...makeView(), path: {} })],
    ['a trace that is none', JSON.stringify({ ...makeView(), trace: 'x'.repeat(32) })],
    ['a vital that is a text', JSON.stringify({ ...makeView(), vitals: { LCP: '1' } })],
    ['too many frames', JSON.stringify({ ...makeView(), frames: Array(51).fill([1, 1, 1]) })],
    ['a frame that is none', JSON.stringify({ ...makeView(), frames: [{ length: 3 }] })],
    ['an invented type of file', JSON.stringify({ ...makeView(), resources: [['x', 1]] })],
  ])('is refused: %s', async (_name, body) => {
    const response = await post(running.url, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'bad_beacon' } });
  });

  it('is refused and never anything else, whatever the JSON', () => {
    const keys = Object.keys(makeView());
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...keys, '__proto__', 'constructor'), fc.jsonValue()),
        (parts) => {
          try {
            const view = readView(JSON.stringify({ ...makeView(), ...parts }));
            expect(JSON.parse(JSON.stringify(view))).toEqual(view);
          } catch (error) {
            expect(error).toBeInstanceOf(HttpError);
            expect(error).toMatchObject({ status: 400 });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the configuration of the beacon', () => {
  it.each([
    [['k=shop'], ['https://a.example'], 'expected KEY=SERVICE'],
    [['key-of-it'], ['https://a.example'], 'expected KEY=SERVICE'],
    [['key-of-it='], ['https://a.example'], 'expected KEY=SERVICE'],
    [['key of it=shop'], ['https://a.example'], 'expected KEY=SERVICE'],
    [['key-of-it=shop'], [], '--beacon-origin'],
    [[], ['https://a.example'], '--beacon-key'],
    [['key-of-it=shop'], ['*'], 'scheme, host and port'],
    [['key-of-it=shop'], ['https://a.example/path'], 'scheme, host and port'],
    [['key-of-it=shop'], ['file:///a'], 'scheme, host and port'],
  ])('refuses %j with %j', (keys, origins, expected) => {
    expect(() => readBeaconSites(keys, origins)).toThrow(expected);
  });

  it('takes several of each', () => {
    const sites = readBeaconSites(
      ['key-of-it=shop', 'key-2-of-it=a=b'],
      ['http://localhost:3000/'],
    );
    expect([...sites.services]).toEqual([
      ['key-of-it', 'shop'],
      ['key-2-of-it', 'a=b'],
    ]);
    expect([...sites.origins]).toEqual(['http://localhost:3000']);
  });
});

describe('what strangers can write', () => {
  it('raises no CRITICAL alert by itself, as what agents write may', () => {
    const byBudget = new Map(BUDGETS.map(({ name, source }) => [name, source]));
    const metrics = DEFAULT_RULES.filter(({ level }) => level === 'CRITICAL').flatMap(
      ({ metric }) => {
        const source = byBudget.get(metric);
        return typeof source === 'object' ? [source.metric] : [];
      },
    );
    expect(metrics.filter((metric) => !mayRaiseCritical(metric))).toEqual([]);
    expect(mayRaiseCritical('browser.largest_contentful_paint')).toBe(false);
    expect(mayRaiseCritical('http.server.request.duration')).toBe(true);
  });

  it('neither makes a service silent, nor keeps one alive that is', () => {
    const process = { boot: '', skewMs: 0, firstSeenMs: NOW - 7_200_000 };
    const beacon = {
      ...process,
      agent: 'beacon:host',
      resource: { 'tachograph.source': 'beacon' },
    };
    const instances = [
      { ...beacon, service: 'pages', lastSeenMs: NOW - 3_600_000 },
      { ...beacon, service: 'shop', lastSeenMs: NOW },
      { ...process, agent: 'a', resource: {}, service: 'shop', lastSeenMs: NOW - 600_000 },
    ];
    // All of them have sent for long enough to be missed.
    const accounts = instances.map(({ agent, boot }) => ({ agent, boot, batches: 1000 }));
    const samples = silenceSamples(instances, accounts as ProcessAccount[], {
      startedMs: 0,
      nowMs: NOW,
      limitMs: 300_000,
    });
    expect(samples.map(({ service, value }) => [service, value])).toEqual([['shop', 600]]);
  });
});
