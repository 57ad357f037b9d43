/** When the page asks again: the clock of the page stands still but for what a test lets pass. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createToken } from '../../../src/collector/tokens/token-file.js';
import { launchChromium } from '../../support/chromium.js';
import { type OpenShop, openShop, SHOP_NOW } from '../../support/shop/open-shop.js';
import { openPage } from './open-page.js';

const MINUTE_MS = 60_000;
const BEAT_MS = 10_000;
const FIXED = `from=${SHOP_NOW - 2 * MINUTE_MS}&to=${SHOP_NOW}`;

let browser: Browser;
let shop: OpenShop;
let page: Page;
/** Paths of the API that were asked for. */
let asked: string[];

beforeAll(async () => {
  shop = await openShop({ forMs: 2 * MINUTE_MS });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await shop.close();
});
beforeEach(async () => {
  ({ page } = await openPage(browser));
  asked = [];
  page.on('request', (request) => asked.push(request.url().replace(shop.url, '')));
});

const refuse = (status: number) => ({
  ...{ status, contentType: 'application/json' },
  body: '{"error":{"code":"store_busy","message":"The store is busy."}}',
});
/** A few frames, in which effects of what was shown are done: far less than a beat. */
const frames = (): Promise<void> => page.clock.runFor(200);
/** What is there when some time has passed, as often as it takes: of so many frames as are less than a beat. */
async function shows(locator: string, stepMs = 20): Promise<void> {
  const look = async (): Promise<number> => {
    await page.clock.runFor(stepMs);
    return page.locator(locator).count();
  };
  await expect.poll(look, { interval: 50, timeout: 15_000 }).toBeGreaterThan(0);
}
const countOf = (path: string): number => asked.filter((url) => url.startsWith(path)).length;

async function openStill(path: string): Promise<void> {
  await page.clock.install({ time: SHOP_NOW });
  await page.clock.pauseAt(SHOP_NOW + 1000);
  await page.goto(shop.url + path);
  await frames();
}

describe('a page that goes on', () => {
  it('after a pause asks at once', async () => {
    await openStill('/routes');
    await shows('a.route');
    await page.keyboard.press(' ');
    await page.clock.runFor(10 * BEAT_MS);
    const before = countOf('/v1/routes');
    await page.keyboard.press(' ');
    await expect.poll(() => countOf('/v1/routes'), { timeout: 15_000 }).toBeGreaterThan(before);
  });
});

describe('a link to a time without an end', () => {
  it('is one to what is since then, and asks the same again, not another time each time', async () => {
    await openStill(`/routes?from=${SHOP_NOW - 2 * MINUTE_MS}`);
    await shows('a.route');
    await page.clock.runFor(10 * BEAT_MS);
    const questions = new Set(asked.filter((url) => url.startsWith('/v1/routes?')));
    // And what was a week before.
    expect([...questions].map((url) => /&to=([^&]*)/.exec(url)?.[1])).toEqual([
      'now',
      '-604800000ms',
    ]);
  });
});

describe('the live stream', () => {
  it('that was refused is asked for again, though browsers give it up', async () => {
    let refusals = 0;
    await page.route(/\/v1\/live/, async (route) => {
      refusals += 1;
      await (refusals === 1 ? route.fulfill(refuse(503)) : route.continue());
    });
    await openStill('/');
    await shows('.pulse-live', 1000);
    expect(refusals).toBe(2);
  });

  it('goes on while its rows are filtered, and is another when it is asked for less', async () => {
    await openStill('/');
    await shows('.pulse-live');
    await page.getByRole('searchbox', { name: 'Filter live requests' }).fill('orders');
    await page.waitForURL(/live\.q=orders/);
    await frames();
    expect(countOf('/v1/live')).toBe(1);
    await page.getByRole('combobox', { name: 'Minimum duration' }).selectOption('500');
    await expect.poll(() => countOf('/v1/live?min=500ms'), { timeout: 15_000 }).toBe(1);
  });
});

describe('an answer that failed', () => {
  it('is asked for again in a fixed time too, in which others are not', async () => {
    let refusals = 0;
    await page.route(/\/v1\/queries/, async (route) => {
      refusals += 1;
      await (refusals === 1 ? route.fulfill(refuse(503)) : route.continue());
    });
    await openStill(`/database?${FIXED}`);
    await shows('.failure');
    const others = countOf('/v1/findings');
    // What took long rests for longer.
    await page.clock.runFor(10 * BEAT_MS);
    await shows('[aria-label="Table: Queries"] tbody tr');
    expect(countOf('/v1/findings')).toBe(others);
  });

  it('because nobody had signed in is asked for as soon as somebody has', async () => {
    const { token } = createToken(shop.folder, 'read', 'reader', SHOP_NOW);
    // The page asks before it knows that nobody has.
    const refused = page.waitForResponse(/\/v1\/routes/);
    await page.route(/\/v1\/session/, async (route) => {
      if (route.request().method() === 'GET') await refused;
      await route.continue();
    });
    await openStill(`/routes?${FIXED}`);
    expect((await refused).status()).toBe(401);
    await shows('input[type=password]');
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await shows('a.route');
    expect(await page.locator('.failure').count()).toBe(0);
  });
});
