/** Every page for those who use a screen reader, a keyboard, a phone, or a theme of their own. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.js';
import { traceIdOf } from '../../support/shop/events.js';
import { type OpenShop, openShop } from '../../support/shop/open-shop.js';
import { openPage, settle, type WatchedPage } from './open-page.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PAGES: Readonly<Record<string, string>> = {
  now: '/',
  routes: '/routes',
  route: '/route?method=GET&route=/orders/:id',
  trace: `/trace?id=${traceIdOf('boot-web-1', 5)}`,
  database: '/database',
  operations: '/operations',
  frontend: '/frontend',
  infrastructure: '/infrastructure',
  changes: '/changes?all=1',
  alerts: '/alerts',
  reports: '/reports',
  recommendations: '/recommendations',
  settings: '/settings',
};

let shop: OpenShop;
let browser: Browser;

beforeAll(async () => {
  shop = await openShop();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await shop.close();
});

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

async function violations(page: Page): Promise<string[]> {
  // As the console of a developer's tools does it: the page's own policy allows no script but its own.
  await page.evaluate(AXE);
  const found = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  )) as Violation[];
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

describe.each(['dark', 'light'] as const)('in the %s theme', (colorScheme) => {
  let opened: WatchedPage;
  beforeAll(async () => {
    opened = await openPage(browser, { colorScheme, reducedMotion: 'reduce' });
  });
  afterAll(() => expect(opened.troubles).toEqual([]));

  it.each(Object.entries(PAGES))('%s has nothing serious that axe finds', async (_name, path) => {
    await settle(opened.page, shop.url + path);
    expect(await violations(opened.page)).toEqual([]);
  });
});

describe('on a phone', () => {
  it.each(Object.entries(PAGES))('%s fits into 390 px', async (_name, path) => {
    const opened = await openPage(browser, { viewport: { width: 390, height: 844 } });
    const { page } = opened;
    await settle(page, shop.url + path);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.context().close();
    expect(opened.troubles).toEqual([]);
  });
});

describe('with everything chosen', () => {
  const CHOSEN = 'service=shop&environment=production&version=1.4.0&instance=boot-web-1';

  it.each(Object.entries(PAGES))('%s asks nothing that the API refuses', async (_name, path) => {
    const { page, troubles } = await openPage(browser);
    const mark = path.includes('?') ? '&' : '?';
    await settle(page, `${shop.url}${path}${mark}${CHOSEN}&compare=week&range=6h`);
    await page.context().close();
    expect(troubles).toEqual([]);
  });
});

describe('with a keyboard alone', () => {
  let page: Page;
  beforeAll(async () => {
    page = (await openPage(browser)).page;
  });
  const focused = (): Promise<string> =>
    page.evaluate('document.activeElement.textContent') as Promise<string>;

  it('goes from page to page by g and a letter', async () => {
    await settle(page, `${shop.url}/`);
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL((url) => url.pathname === '/routes');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.waitForURL((url) => url.pathname === '/settings');
  });

  it('finds a route, opens it, and a kept request of it', async () => {
    await settle(page, `${shop.url}/routes`);
    await page.keyboard.press('/');
    await page.keyboard.type('orders');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(2);
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    expect(await focused()).toContain('/orders');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/route');
    await page.locator('[data-row] a').first().waitFor();
    await page.locator('[data-row] a').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/trace');
  });

  it('goes through rows that open in their place, and past them', async () => {
    await settle(page, `${shop.url}/`);
    const place = (): Promise<string> =>
      page.evaluate(
        'document.activeElement.closest("[data-row]")?.textContent ?? ""',
      ) as Promise<string>;
    await page.keyboard.press('j');
    const first = await place();
    expect(await page.evaluate('document.activeElement.localName')).toBe('summary');
    await page.keyboard.press('j');
    expect(await place()).not.toBe(first);
    await page.keyboard.press('/');
    await page.keyboard.type('orders');
    await page.waitForURL(/live\.q=orders/);
  });

  it('changes the time, the comparison, the theme and the pause', async () => {
    await settle(page, `${shop.url}/routes`);
    await page.keyboard.press('t');
    await page.waitForURL(/range=6h/);
    await page.keyboard.press('c');
    await page.waitForURL(/compare=week/);
    const before = await page.evaluate('document.documentElement.dataset.theme');
    await page.keyboard.press('d');
    expect(await page.evaluate('document.documentElement.dataset.theme')).not.toBe(before);
    await page.keyboard.press(' ');
    const pause = page.getByRole('button', { name: 'Pause' });
    await expect.poll(() => pause.getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press(' ');
    await page.keyboard.press('d');
  });

  it('shows the keys on ?, and Esc closes them', async () => {
    await settle(page, `${shop.url}/routes`);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  });

  it('moves through a chart, and says where it is', async () => {
    await settle(page, `${shop.url}/route?method=GET&route=/orders/:id`);
    await page.getByRole('img', { name: /Percentiles of the duration/ }).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    const said = page.locator('.chart [aria-live=polite]', { hasText: 'p95' });
    await expect.poll(() => said.count()).toBe(1);
    const place = await said.textContent();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => said.textContent()).not.toBe(place);
    // It is drawn anew, as it is with each answer.
    await page.keyboard.press('d');
    await page.waitForTimeout(300);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => said.textContent()).toBe(place);
    await page.keyboard.press('d');
    await page.locator('canvas.heatmap').focus();
    await page.keyboard.press('ArrowLeft');
    for (let cells = 0; cells < 6; cells++) await page.keyboard.press('Shift+ArrowUp');
    await page.keyboard.press('Enter');
    await page.locator('[data-test=selection]').waitFor();
  });

  it('shows where the focus is', async () => {
    await settle(page, `${shop.url}/routes`);
    for (let tabs = 0; tabs < 5; tabs++) await page.keyboard.press('Tab');
    const style = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    expect(style).toBe('solid');
  });
});
