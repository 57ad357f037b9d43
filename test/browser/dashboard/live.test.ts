/** What arrives while the page is open, names that were made to harm, and signing in. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '../../../src/collector/tokens/token-file.js';
import { makeBatch, send } from '../../collector/make-batch.js';
import { launchChromium } from '../../support/chromium.js';
import { shopEvents } from '../../support/shop/events.js';
import { type OpenShop, openShop, SHOP_NOW } from '../../support/shop/open-shop.js';
import { ROUTES } from '../../support/shop/routes.js';
import { openPage } from './open-page.js';

let browser: Browser;
const shops: OpenShop[] = [];
const open = async (...options: Parameters<typeof openShop>): Promise<OpenShop> => {
  const shop = await openShop(...options);
  shops.push(shop);
  return shop;
};

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  for (const shop of shops) await shop.close();
});

const HOSTILE = [
  '/<img src=x onerror="window.harmed=1">',
  '/"><script>window.harmed=1</script>',
  "/javascript:window.harmed=1//'",
  '/\u202egnp.exe\u2066',
  '/=HYPERLINK("http://evil.example")',
] as const;

describe('the live view', () => {
  it('shows a kept request as it arrives, until it is paused', async () => {
    const shop = await open({ forMs: 60_000 });
    const { page, troubles } = await openPage(browser);
    await page.goto(shop.url);
    await page.getByText('live · last minute').waitFor();
    const arrive = (sequence: number): Promise<Response> =>
      send(
        shop.url,
        makeBatch({
          boot: 'late',
          sequence,
          startMs: SHOP_NOW - 10_000,
          service: `late-${sequence}`,
          events: shopEvents({
            startMs: SHOP_NOW - 10_000,
            window: 5 + 6 * sequence,
            windows: 1000,
            routes: ROUTES,
            random: () => 0.5,
            instance: 'late',
          }),
        }),
      );
    expect((await arrive(1)).status).toBe(200);
    await page.locator('.live tbody tr', { hasText: 'late-1' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).last().click();
    expect((await arrive(2)).status).toBe(200);
    await page.waitForTimeout(500);
    expect(await page.locator('.live tbody tr', { hasText: 'late-2' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.locator('.live tbody tr', { hasText: 'late-2' }).waitFor();
    await page.getByRole('searchbox', { name: 'Filter live requests' }).fill('late-1');
    await expect.poll(() => page.locator('.live tbody tr').count()).toBe(1);
    expect(troubles).toEqual([]);
  });
});

describe('a name that was made to harm', () => {
  it('is text on every page, and nothing else', async () => {
    const routes = ROUTES.slice(0, HOSTILE.length).map((row, i) => ({
      ...row,
      route: HOSTILE[i]!,
      module: `<b>${i}`,
    }));
    const shop = await open({ forMs: 240_000, routes, service: '<svg onload=window.harmed=1>' });
    const { page, troubles } = await openPage(browser);
    await page.goto(`${shop.url}/routes`);
    for (const name of HOSTILE) {
      await expect.poll(() => page.locator('a.route', { hasText: name }).count()).toBe(1);
    }
    for (const path of [
      '/',
      '/operations',
      '/infrastructure',
      '/settings',
      '/recommendations',
      `/route?method=GET&route=${encodeURIComponent(HOSTILE[0])}`,
    ]) {
      await page.goto(shop.url + path);
      await page.locator('main section').first().waitFor();
      await expect.poll(() => page.locator('.loading').count(), { timeout: 20_000 }).toBe(0);
    }
    expect(await page.evaluate('window.harmed')).toBeUndefined();
    expect(await page.locator('main img, main script, main b b').count()).toBe(0);
    expect(troubles).toEqual([]);
  });
});

describe('signing in', () => {
  it('asks for a token, refuses a wrong one, and ends with signing out', async () => {
    const shop = await open({ forMs: 60_000 });
    const { token } = createToken(shop.folder, 'read', 'reader', SHOP_NOW);
    const { page } = await openPage(browser);
    await page.goto(`${shop.url}/routes?range=6h`);
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('a.route').first().waitFor();
    expect(new URL(page.url()).searchParams.get('range')).toBe('6h');
    // Scripts cannot read it.
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.goto(`${shop.url}/settings`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
  });

  it('takes the link of the start once', async () => {
    const shop = await open({ forMs: 60_000 }, { readToken: 'x'.repeat(40), token: 'y' }, 'y');
    const { page } = await openPage(browser);
    await page.goto(shop.collector.loginUrl!);
    await page.locator('[data-test=verdict]').waitFor();
    expect(page.url()).not.toContain('login');
    const other = (await openPage(browser)).page;
    await other.goto(shop.collector.loginUrl!);
    await other.getByLabel('Token').waitFor();
  });
});
