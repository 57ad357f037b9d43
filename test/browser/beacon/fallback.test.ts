/**
 * The beacon where the browser lacks what it asks for, or the page has broken it: other ways to send, and
 * never an error in the page.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { STATUS_UNTOLD } from '../../../src/shared/beacon-view.js';
import { launchChromium } from '../../support/chromium.js';
import { type BeaconSite, startBeaconSite } from './beacon-site.js';

/** One is asked for whenever the browser finds time, and told as a file of the page. */
const NO_ICON = '<link rel="icon" href="data:,">';

let browser: Browser;
let site: BeaconSite;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

beforeEach(async () => {
  site = await startBeaconSite((request, response) => {
    if (request.url?.startsWith('/api/')) {
      response.end('answer');
      return;
    }
    response.setHeader('content-type', 'text/html');
    response.setHeader('set-cookie', 'session=secret; Path=/');
    response.end(
      `<!doctype html><html><head>${NO_ICON}${site.tag}</head><body><h1>Page</h1><button>Do</button></body></html>`,
    );
  });
  // Of a context that outlives it: what is left with the browser may be lost together with its profile.
  const context = await browser.newContext();
  page = await context.newPage();
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
});

afterEach(async () => {
  await page.context().close();
  await site.close();
});

/** Out of sight, or in sight again, for the page's scripts. */
async function turn(state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate(`{
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }`);
}

describe('without fetchLater', () => {
  it('sends by a fetch without cookies, and what came after as more of the same view', async () => {
    await page.addInitScript('delete globalThis.fetchLater');
    await page.goto(`${site.url}/page`, { waitUntil: 'load' });
    await page.click('button');
    await page.waitForTimeout(300);
    await turn('hidden');
    await site.arrived(1);
    await turn('visible');
    await page.evaluate('delete document.visibilityState');
    await page.evaluate("fetch('/api/1', { method: 'DELETE' }).then((answer) => answer.text())");
    await page.waitForTimeout(300);
    await page.close();
    await site.arrived(2);
    const [first, more] = site.beacons;
    expect(first).toMatchObject({ isMore: false, vitals: { LCP: expect.any(Number) } });
    expect(more).toMatchObject({ isMore: true, path: '/page', vitals: {}, targets: {} });
    expect(more!.calls.map((call) => call.slice(0, 3))).toEqual([['DELETE', '/api/:int', 200]]);
    for (const head of site.heads) expect(head).not.toHaveProperty('cookie');
    expect(complaints.splice(0)).toEqual([]);
  });

  it('sends nothing more when nothing came after', async () => {
    await page.addInitScript(`
      delete globalThis.fetchLater;
      // A busy machine has long frames of its own, and those would be told.
      const { observe } = PerformanceObserver.prototype;
      PerformanceObserver.prototype.observe = function (options) {
        if (!/^long/.test(options.type)) observe.call(this, options);
      };
    `);
    await page.goto(`${site.url}/page`, { waitUntil: 'load' });
    await turn('hidden');
    await site.arrived(1);
    await turn('visible');
    await page.evaluate('delete document.visibilityState');
    await page.waitForTimeout(300);
    await page.close();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(site.beacons).toHaveLength(1);
    expect(complaints.splice(0)).toEqual([]);
  });
});

it('with fetchLater a view that is out of sight and in sight again is told once', async () => {
  await page.goto(`${site.url}/page`, { waitUntil: 'load' });
  for (let i = 0; i < 3; i++) {
    await turn('hidden');
    await page.waitForTimeout(100);
    await turn('visible');
  }
  await page.evaluate('delete document.visibilityState');
  await page.evaluate("fetch('/api/1').then((answer) => answer.text())");
  await page.waitForTimeout(300);
  await page.close();
  await site.arrived(1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(site.beacons).toHaveLength(1);
  expect(site.beacons[0]!.calls).toHaveLength(1);
  expect(complaints.splice(0)).toEqual([]);
});

it('without the status of an answer it tells that it does not know it', async () => {
  await page.addInitScript('delete PerformanceResourceTiming.prototype.responseStatus');
  await page.goto(`${site.url}/page`, { waitUntil: 'load' });
  await page.evaluate("fetch('/api/1').then((answer) => answer.text())");
  await page.waitForTimeout(300);
  await page.close();
  await site.arrived(1);
  expect(site.beacons[0]!.calls.map((call) => call.slice(0, 3))).toEqual([
    ['GET', '/api/:int', STATUS_UNTOLD],
  ]);
  expect(complaints.splice(0)).toEqual([]);
});

it('without any fetch it is sent as a beacon of the browser', async () => {
  await page.addInitScript('delete globalThis.fetchLater; globalThis.fetch = undefined');
  await page.goto(`${site.url}/page`, { waitUntil: 'load' });
  await page.close();
  await site.arrived(1);
  expect(site.beacons[0]).toMatchObject({ path: '/page', isMore: false });
  expect(complaints.splice(0)).toEqual([]);
});

describe('a page that has broken the browser', () => {
  it.each([
    ['PerformanceObserver', 'globalThis.PerformanceObserver = undefined'],
    ['observers', "PerformanceObserver.prototype.observe = () => { throw new Error('no'); }"],
    ['entries', 'performance.getEntriesByType = () => []'],
    ['JSON', "JSON.stringify = () => { throw new Error('no'); }"],
    ['XMLHttpRequest', 'globalThis.XMLHttpRequest = undefined'],
    ['timers', "globalThis.setInterval = () => { throw new Error('no'); }"],
    ['matchMedia', 'globalThis.matchMedia = undefined'],
  ])('hears of no error of ours: %s', async (_name, script) => {
    await page.addInitScript(script);
    await page.goto(`${site.url}/page`, { waitUntil: 'load' });
    await page.click('button');
    const answer = await page.evaluate("fetch('/api/1').then((response) => response.text())");
    expect(answer).toBe('answer');
    await page.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  it('keeps its own errors, whose number alone is told', async () => {
    await page.goto(`${site.url}/page`, { waitUntil: 'load' });
    await page.evaluate("setTimeout(() => { throw new Error('secret text'); })");
    await page.evaluate("void Promise.reject(new Error('secret text'))");
    await page.waitForTimeout(200);
    await page.close();
    await site.arrived(1);
    expect(site.beacons[0]!.errors).toBe(2);
    expect(JSON.stringify(site.beacons)).not.toContain('secret');
    expect(complaints.splice(0)).toHaveLength(2);
  });

  it('with a call that fails or is aborted gets its own failure, as without us', async () => {
    await page.goto(`${site.url}/page`, { waitUntil: 'load' });
    const failed = await page.evaluate(`{
      const abort = new AbortController();
      const call = fetch('/v1/beacon-not/x', { signal: abort.signal }).then(() => 'answered', (error) => error.name);
      abort.abort();
      call;
    }`);
    expect(failed).toBe('AbortError');
    await page.close();
    await site.arrived(1);
    complaints.splice(0);
  });
});

it('does nothing without a key, and tells no page load that the sample leaves out', async () => {
  const tag = site.tag.replace('data-key', 'data-sample="0" data-key');
  const pages = [`<script src="/tachograph.js"></script>`, tag];
  for (const text of pages) {
    await page.route('**/own', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<!doctype html>${text}<h1>Page</h1>` }),
    );
    await page.goto(`${site.url}/own`, { waitUntil: 'load' });
    expect(await page.evaluate("Symbol.for('tachograph.beacon') in globalThis")).toBe(false);
    await page.unroute('**/own');
  }
  await page.close();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(site.beacons).toEqual([]);
});
