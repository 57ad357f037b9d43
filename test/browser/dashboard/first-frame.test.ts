/** What there is to see before the script of the page runs. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.js';
import { type OpenShop, openShop } from '../../support/shop/open-shop.js';

let browser: Browser;
let shop: OpenShop;

beforeAll(async () => {
  shop = await openShop({ forMs: 0 });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await shop.close();
});

it.each(['light', 'dark'] as const)(
  'is the frame, in the colours that it has afterwards: %s',
  async (colorScheme) => {
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    const colours = `['body', '.side', '.brand'].map((selector) => {
      const { backgroundColor, color } = getComputedStyle(document.querySelector(selector));
      return [selector, backgroundColor, color];
    })`;
    let goOn = (): void => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route(/\/assets\/.*\.js$/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(shop.url, { waitUntil: 'commit' });
    // Not only when it is there: before its styles have come, nothing is painted.
    const paints = "performance.getEntriesByName('first-contentful-paint').length";
    await expect.poll(() => page.evaluate(paints), { timeout: 15_000 }).toBe(1);
    const before = await page.evaluate(colours);
    expect(await page.locator('main').count()).toBe(0);
    goOn();
    await page.locator('main').waitFor();
    expect(await page.evaluate(colours)).toEqual(before);
    await context.close();
  },
);
