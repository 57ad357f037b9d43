/** One page view in a real browser, from the page to the view of the collector. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.js';
import { type BeaconSite, startBeaconSite } from './beacon-site.js';

const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'";
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

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
    const path = new URL(request.url!, 'http://site').pathname;
    if (path.startsWith('/api/')) {
      response.setHeader('server-timing', `traceparent;desc="00-${TRACE}-00f067aa0ba902b7-01"`);
      response.end('{}');
      return;
    }
    if (path === '/page.js') {
      response.setHeader('content-type', 'text/javascript');
      response.end(SCRIPT);
      return;
    }
    response.setHeader('content-type', 'text/html');
    response.setHeader('content-security-policy', POLICY);
    response.setHeader(
      'server-timing',
      `traceparent;desc="00-${TRACE}-00f067aa0ba902b7-01", route;desc="/orders/:id"`,
    );
    response.end(
      `<!doctype html><html><head><title>Order</title>${site.tag}</head>` +
        '<body><h1>Order of a customer</h1><button id="order-17">Ship</button>' +
        '<script src="/page.js"></script></body></html>',
    );
  });
  const context = await browser.newContext();
  page = await context.newPage();
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
});

afterEach(async () => {
  await page.context().close();
  await site.close();
  expect(complaints.splice(0)).toEqual([]);
});

const SCRIPT = `
  function work(ms) { const end = performance.now() + ms; while (performance.now() < end); }
  document.querySelector('button').addEventListener('click', function ship() {
    work(120);
    document.querySelector('h1').textContent = 'Shipped';
    fetch('/api/orders/17/ship?secret=1', { method: 'POST' });
  });
`;

describe('a page view', () => {
  it('is told once when its tab is closed, without cookie or complaint, and found under its route', async () => {
    await page.goto(`${site.url}/orders/17?token=secret#part`, { waitUntil: 'load' });
    const answered = page.waitForResponse((response) => response.url().includes('/api/'));
    await page.click('button');
    await answered;
    await page.waitForTimeout(300);
    await page.close({ runBeforeUnload: false });
    const [view] = await site.arrived(1);
    expect(view).toMatchObject({
      type: 'navigate',
      isMore: false,
      path: '/orders/:int',
      trace: TRACE,
      route: '/orders/:id',
      device: 'desktop',
      errors: 0,
    });
    expect(view!.vitals).toMatchObject({
      LCP: expect.any(Number),
      CLS: 0,
      TTFB: expect.any(Number),
    });
    expect(view!.vitals.INP).toBeGreaterThan(100);
    expect(view!.targets).toMatchObject({ INP: '#order-*' });
    expect(view!.scripts).toContainEqual(['/page.js', 'ship', expect.any(Number)]);
    expect(view!.calls).toEqual([
      ['POST', '/api/orders/:int/ship', 200, expect.any(Number), TRACE, ''],
    ]);
    expect(site.heads[0]).not.toHaveProperty('cookie');
    expect(JSON.stringify(view)).not.toContain('secret');

    const { pages, vitals, ajax, scripts } = await site.frontend(1);
    expect(pages).toMatchObject([{ page: '/orders/:id', views: 1, lcp: null, errors: 0 }]);
    expect(vitals.find(({ name }) => name === 'INP')).toMatchObject({
      samples: 1,
      limit: 0.2,
    });
    expect(ajax).toMatchObject([
      { method: 'POST', route: '/api/orders/:int/ship', calls: 1, errors: 0 },
    ]);
    expect(scripts).toContainEqual(
      expect.objectContaining({ url: '/page.js', function: 'ship', count: 1 }),
    );
    expect(site.beacons).toHaveLength(1);
  });
});
