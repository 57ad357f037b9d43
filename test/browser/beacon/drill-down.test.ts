/**
 * From a page in the browser to the route and the trace of its server: an application that knows nothing of
 * the beacon, under the agent that puts it into its pages, with a collector of another origin.
 */
import type { ChildProcess } from 'node:child_process';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../../scripts/services/machine.js';
import { readBeaconSites } from '../../../src/collector/beacon/beacon-sites.js';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import type { Frontend } from '../../../src/collector/views/frontend.js';
import { launchChromium } from '../../support/chromium.js';
import { quietLog } from '../../support/quiet-log.js';
import { makeFolder, PATIENT, runApp } from '../../support/run-app.js';

const KEY = 'key-of-the-shop';
const log = quietLog();

let browser: Browser;
let collector: Collector;
const folder = makeFolder();

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await collector.close();
  folder.remove();
});

async function json<T>(path: string): Promise<T> {
  return (await (await fetch(`${collector.url}${path}`)).json()) as T;
}

it('a slow page leads to its route, and to the trace that made it slow', async () => {
  const port = await freePort();
  const site = `http://127.0.0.1:${port}`;
  collector = await startCollector({
    folder: `${folder.path}/data`,
    port: 0,
    queryThreads: 0,
    beacon: { sites: readBeaconSites([`${KEY}=shop`], [site]), windowMs: 1000 },
    log,
  });
  const complaints: string[] = [];
  const visit = async (app: ChildProcess): Promise<void> => {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(`${site}/orders/17`, { waitUntil: 'load' });
    const answered = page.waitForResponse((response) => response.url().endsWith('/ship'));
    await page.click('button');
    await answered;
    await page.waitForTimeout(300);
    await page.close();
    app.kill('SIGTERM');
  };
  const run = await runApp('beacon-shop.mjs', {
    args: [String(port)],
    env: {
      ...PATIENT,
      TACHOGRAPH_URL: collector.url,
      TACHOGRAPH_SERVICE: 'shop',
      TACHOGRAPH_WINDOW: '1s',
      TACHOGRAPH_BEACON: 'inject',
      TACHOGRAPH_BEACON_SCRIPT: `${collector.url}/tachograph.js`,
      TACHOGRAPH_BEACON_KEY: KEY,
    },
    onReady: (app) => void visit(app),
  });
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });

  let frontend: Frontend;
  do {
    await new Promise((resolve) => setTimeout(resolve, 100));
    frontend = await json<Frontend>('/v1/frontend?service=shop');
  } while (frontend.pages.length === 0);
  expect(frontend.pages).toMatchObject([{ page: '/orders/:id', views: 1 }]);
  expect(frontend.ajax).toMatchObject([
    { method: 'POST', route: '/api/orders/:order/ship', calls: 1, errors: 0 },
  ]);
  const { traces } = await json<{ traces: { traceId: string; duration: number }[] }>(
    `/v1/traces?service=shop&route=${encodeURIComponent(frontend.pages[0]!.page)}`,
  );
  expect(traces).toHaveLength(1);
  expect(traces[0]!.duration).toBeGreaterThan(0.4);
  // The browser fetches an icon from the site, which has none.
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
});
