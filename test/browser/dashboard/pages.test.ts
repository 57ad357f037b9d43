/**
 * The pages in a real browser against a shop whose numbers are known: what the screen says, what the API says,
 * and the truth are the same.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  formatCount,
  formatPercent,
  formatSeconds,
} from '../../../src/browser/dashboard/parts/format-value.js';
import type { Routes } from '../../../src/collector/views/routes.js';
import { exactPercentile } from '../../collector/make-batch.js';
import { launchChromium } from '../../support/chromium.js';
import { traceIdOf, userOf } from '../../support/shop/events.js';
import { type OpenShop, openShop } from '../../support/shop/open-shop.js';
import { INSTANCES } from '../../support/shop/shop.js';
import { openPage } from './open-page.js';

let shop: OpenShop;
let browser: Browser;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  shop = await openShop();
  browser = await launchChromium();
  ({ page, troubles } = await openPage(browser));
});
afterAll(async () => {
  await browser.close();
  await shop.close();
  expect(troubles).toEqual([]);
});

const go = (path: string): Promise<unknown> => page.goto(shop.url + path);
const api = async <Answer>(path: string): Promise<Answer> =>
  (await (await fetch(shop.url + path)).json()) as Answer;
const cellsOf = async (row: string): Promise<string[]> =>
  (await page.locator('tr', { hasText: row }).first().locator('td').allTextContents()).map((text) =>
    text.trim(),
  );

describe('Routes', () => {
  it('shows each route as it was, and as the API says', async () => {
    await go('/routes');
    const { routes } = await api<Routes>('/v1/routes');
    for (const truth of shop.truth.routes) {
      const row = routes.find(
        ({ method, route }) => method === truth.method && route === truth.route,
      )!;
      expect(row.calls).toBe(truth.values.length);
      expect(row.errorRatio).toBeCloseTo(truth.errors / truth.values.length, 9);
      expect(row.p95 / exactPercentile(truth.values, 950)).toBeCloseTo(1, 2);
      expect(row.queriesPerRequest).toBeCloseTo(truth.queries / truth.values.length, 6);
      const link = page.locator('a.route', {
        hasText: new RegExp(`^${truth.method}\\s+${truth.route}$`),
      });
      const cells = await link.locator('xpath=ancestor::tr').locator('td').allTextContents();
      expect(cells.map((text) => text.trim()).slice(1, 11)).toEqual([
        formatSeconds(row.total),
        `${formatCount(row.rate)}/s`,
        formatCount(row.calls),
        formatSeconds(row.p50),
        formatSeconds(row.p95),
        formatSeconds(row.p99),
        formatSeconds(row.max),
        formatPercent(row.errorRatio),
        formatCount(row.queriesPerRequest),
        formatPercent(row.queryTime / row.total),
      ]);
    }
  });

  it('is sorted by any column, and a link says by which', async () => {
    await go('/routes');
    await page.getByRole('link', { name: 'p95', exact: true }).click();
    await page.waitForURL(/routes\.sort=-p95/);
    const first = await page.locator('tbody tr').first().textContent();
    expect(first).toContain('/reports/stock');
    await go('/routes?routes.sort=p95');
    await page.locator('tbody tr').first().waitFor();
    expect(await page.locator('tbody tr').first().textContent()).toContain('/health');
  });

  it('is filtered by what is typed, and a link says it', async () => {
    await go('/routes');
    await page.getByRole('searchbox', { name: 'Filter the table' }).fill('orders');
    await page.waitForURL(/q=orders/);
    expect(await page.locator('tbody tr').count()).toBe(2);
    await page.reload();
    await page.locator('tbody tr').first().waitFor();
    expect(await page.locator('tbody tr').count()).toBe(2);
  });

  it('marks a route with its module, its budget and what blocked it', async () => {
    await go('/routes');
    const marks = page.locator('tr', { hasText: '/reports/stock' }).locator('.marks');
    await expect.poll(() => marks.textContent()).toContain('over budget');
    expect(await marks.textContent()).toContain('inventory');
    await expect
      .poll(() => page.locator('.marks', { hasText: 'blocked' }).count())
      .toBeGreaterThan(0);
  });

  it('is of one version or instance where that is chosen', async () => {
    await go('/routes?instance=boot-web-1');
    const truth = shop.truth.routes[0]!;
    await expect
      .poll(async () => (await cellsOf('GET /products'))[3])
      .toBe(formatCount(truth.values.length / INSTANCES.length));
    await page.getByRole('combobox', { name: 'version' }).selectOption('1.5.0');
    await page.waitForURL(/version=1\.5\.0/);
    await expect.poll(() => page.getByText('No requests in this time.').count()).toBe(1);
  });
});

describe('a route', () => {
  it('is reached from the list, and goes on to a trace and its queries', async () => {
    await go('/routes');
    await page.getByRole('link', { name: 'GET /orders/:id' }).click();
    await page.waitForURL(/\/route\?.*route=%2Forders%2F%3Aid/);
    const truth = shop.truth.routes.find(
      ({ route, method }) => route === '/orders/:id' && method === 'GET',
    )!;
    const facts = page.locator('[data-test=route-facts]');
    await expect.poll(() => facts.textContent()).toContain(formatCount(truth.values.length));
    await page.getByText('SELECT * FROM order_lines WHERE order_id = ?').first().waitFor();
    const table = page.getByRole('region', { name: 'Table: Kept requests' });
    await table.locator('tbody a').first().click();
    await page.waitForURL(/\/trace\?/);
    await page.getByRole('region', { name: 'Waterfall' }).waitFor();
    expect(await page.locator('.waterfall').textContent()).toContain('order.ejs');
    await page.goBack();
    await page.waitForURL(/\/route\?/);
  });

  it('has a heatmap of all its requests, whose cells give examples', async () => {
    await go('/route?method=GET&route=/orders/:id');
    const canvas = page.locator('canvas.heatmap');
    await canvas.waitFor();
    const truth = shop.truth.routes.find(
      ({ route, method }) => route === '/orders/:id' && method === 'GET',
    )!;
    await page.getByText('Table of the heatmap').click();
    const rows = page.getByRole('region', { name: 'Values of the heatmap' }).locator('tbody tr');
    const counts = await rows.locator('td:nth-child(2)').allTextContents();
    expect(counts.reduce((sum, text) => sum + Number(text), 0)).toBe(truth.values.length);
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + 70, box.y + 4);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 4, box.y + box.height - 30, { steps: 4 });
    await page.mouse.up();
    await expect
      .poll(() => page.locator('[data-test=selection]').textContent())
      .toMatch(/kept traces? in the selection/);
    const selected = await page.locator('[data-test=selection]').textContent();
    await page.locator('[data-test=selection] a').first().click();
    await page.waitForURL(/\/trace\?/);
    await page.goBack();
    await expect.poll(() => page.locator('[data-test=selection]').textContent()).toBe(selected);
  });
});

describe('the heatmap of a young service', () => {
  it('begins with its first requests, as curves do', async () => {
    await go('/route?method=GET&route=/orders/:id');
    const canvas = page.locator('canvas.heatmap');
    await canvas.click({ position: { x: 66, y: 4 } });
    await page.getByText('Table of the heatmap').click();
    const rows = page.getByRole('region', { name: 'Values of the heatmap' }).locator('tbody tr');
    const first = await rows.first().locator('td').first().textContent();
    const chosen = page.locator('figure', { has: canvas }).locator('[aria-live]');
    await expect.poll(() => chosen.textContent()).toContain(`${first} to `);
  });
});

describe('a link', () => {
  it('to a trace shows that trace', async () => {
    const id = traceIdOf('boot-web-1', 5);
    await go(`/trace?id=${id}`);
    const facts = page.locator('[data-test=trace-facts]');
    await facts.waitFor();
    const { parts } = await api<{ parts: { duration: number; queries: number }[] }>(
      `/v1/traces/${id}`,
    );
    expect(await facts.textContent()).toContain(formatSeconds(parts[0]!.duration));
    expect(await page.locator('.waterfall tbody tr').count()).toBeGreaterThan(3);
    await page.getByText(`trace ${id} user ${userOf(5)}`).waitFor();
  });

  it('to no trace says that there is none', async () => {
    await go(`/trace?id=${'0'.repeat(32)}`);
    await page.getByText('No trace of that id is kept.').waitFor();
  });

  it('keeps what was chosen from page to page, and Back goes back', async () => {
    await go('/routes?range=6h&service=shop');
    await page.getByRole('link', { name: 'Database' }).click();
    await page.waitForURL((url) => url.pathname === '/database');
    expect(new URL(page.url()).searchParams.get('range')).toBe('6h');
    expect(new URL(page.url()).searchParams.get('service')).toBe('shop');
    await page.goBack();
    await page.waitForURL((url) => url.pathname === '/routes');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Routes');
  });
});

describe('Now', () => {
  it('says how things stand, what costs most, and what the agent takes', async () => {
    await go('/');
    await page.locator('[data-test=verdict]').waitFor();
    const requests = shop.truth.routes.flatMap(({ values }) => values).length;
    const p95 = exactPercentile(
      shop.truth.routes.flatMap(({ values }) => values),
      950,
    );
    const shown = page.locator('[data-test="sign p95"]');
    await expect.poll(() => shown.textContent()).not.toBe('—');
    const answer = await api<{ groups: { total: { p95: number; count: number } }[] }>(
      '/v1/query?metric=http.server.request.duration',
    );
    expect(answer.groups[0]!.total.count).toBe(requests);
    expect(answer.groups[0]!.total.p95 / p95).toBeCloseTo(1, 2);
    expect(await shown.textContent()).toBe(formatSeconds(answer.groups[0]!.total.p95));
    const made = shop.truth.routes.reduce((sum, route) => sum + route.queries, 0);
    const figures = page.locator('[data-test=request-figures] dd');
    await expect.poll(() => figures.last().textContent()).toBe(formatCount(made / requests));
    expect(await figures.first().textContent()).toBe(formatCount(requests));
    const attention = page.locator('.attention');
    await expect.poll(() => attention.textContent()).toContain('src/invoice.js:41');
    expect(await attention.textContent()).toContain('GET /reports/stock');
    expect(await page.locator('[data-test=agent-cpu]').textContent()).toBe(formatPercent(0.0042));
    expect(await page.locator('[data-test=agent-memory]').textContent()).toBe('12.0 MiB');
  });

  it('has the ledger on it: recorded is received', async () => {
    await go('/');
    const { records } = shop.truth;
    await expect
      .poll(() => page.locator('[data-test=recorded]').textContent())
      .toBe(formatCount(records));
    expect(await page.locator('[data-test=received]').textContent()).toBe(formatCount(records));
    expect(await page.locator('footer').textContent()).toContain('ledger balances');
  });
});
