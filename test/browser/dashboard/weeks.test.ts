/** Changes and Reports in a real browser, of a shop of nine days in which one version made a route slower. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDifference,
  formatRatio,
  formatSeconds,
} from '../../../src/browser/dashboard/parts/format-value.js';
import { launchChromium } from '../../support/chromium.js';
import { type OpenShop, openShop, SHOP_NOW } from '../../support/shop/open-shop.js';
import { openPage, settle } from './open-page.js';

const HOUR_MS = 3_600_000;
let shop: OpenShop;
let browser: Browser;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  shop = await openShop({ nowMs: SHOP_NOW, forMs: 9 * 24 * HOUR_MS, windowMs: HOUR_MS });
  browser = await launchChromium();
  ({ page, troubles } = await openPage(browser));
}, 240_000);
afterAll(async () => {
  await browser.close();
  await shop.close();
  expect(troubles).toEqual([]);
});

const api = async <Answer>(path: string): Promise<Answer> =>
  (await (await fetch(shop.url + path)).json()) as Answer;

interface Change {
  readonly kind: string;
  readonly name: string;
  readonly verdict: string;
  readonly ratio: number | null;
  readonly before: number | null;
  readonly after: number | null;
  readonly samplesBefore: number;
  readonly samplesAfter: number;
  readonly cause: { latency: number; mix: number; volume: number } | null;
}

describe('Changes', () => {
  it('has what the API compared, and the route that became slower', async () => {
    await settle(page, `${shop.url}/changes?all=1&range=24h`);
    const { rows } = await api<{ rows: Change[] }>(
      `/v1/changes?from=-${24 * HOUR_MS}ms&to=now&baseline=week&limit=500`,
    );
    const slower = rows.filter(({ verdict }) => verdict === 'slower').map(({ name }) => name);
    expect(slower).toContain('GET /orders/:id');
    expect(slower).not.toContain('GET /products');
    const table = page.getByRole('region', { name: 'Table: Changes' }).locator('tbody tr');
    expect(await table.count()).toBe(Math.min(100, rows.length));
    for (const row of rows.filter(({ kind }) => kind === 'route')) {
      const cells = await table
        .filter({ has: page.getByText(row.name, { exact: true }) })
        .first()
        .locator('td')
        .allInnerTexts();
      expect(cells[1]).toContain(row.verdict);
      expect([cells[2], ...cells.slice(4, 7)].map((text) => text?.trim())).toEqual([
        ...[formatRatio(row.ratio), formatSeconds(row.before), formatSeconds(row.after)],
        `${formatCount(row.samplesBefore)} → ${formatCount(row.samplesAfter)}`,
      ]);
      const { latency, mix, volume } = row.cause!;
      expect(cells[7]).toBe(
        `latency ${formatDifference(latency)}, mix ${formatDifference(mix)}, volume ${formatDifference(volume)}`,
      );
    }
  });

  it('shows the sure ones alone until all are asked for', async () => {
    await settle(page, `${shop.url}/changes?range=24h`);
    const verdicts = await page
      .getByRole('region', { name: 'Table: Changes' })
      .locator('tbody td:nth-child(2)')
      .allInnerTexts();
    expect(verdicts.length).toBeGreaterThan(0);
    for (const text of verdicts) expect(text).toMatch(/slower|faster/);
  });
});

describe('Routes of one version', () => {
  it('show how that version changed, not what all of them together did', async () => {
    const row = page.locator('tr', { has: page.getByText('GET /orders/:id', { exact: true }) });
    const change = (): Promise<string | null> => row.locator('td').last().textContent();
    await settle(page, `${shop.url}/routes?range=24h`);
    await expect.poll(change, { timeout: 20_000 }).toContain('▲');
    const answered = page.waitForResponse(/\/v1\/changes/);
    await settle(page, `${shop.url}/routes?range=24h&version=1.5.0`);
    await answered;
    await page.waitForTimeout(300);
    await expect.poll(change, { timeout: 20_000 }).toContain('~');
  });
});

describe('Changes of versions', () => {
  it('are of the version that is chosen against another in the same time, and a link says so', async () => {
    const asked = page.waitForRequest(/v1\/changes\?.*baseline=version%3A1\.4\.0/);
    await settle(page, `${shop.url}/changes?all=1&range=24h&version=1.5.0`);
    await page.getByRole('combobox', { name: 'against' }).selectOption('version 1.4.0');
    await page.waitForURL(/against=version%3A1\.4\.0/);
    expect(new URL((await asked).url()).searchParams.get('version')).toBe('1.5.0');
    const panel = page.getByRole('region', { name: 'Changes', exact: true });
    expect(await panel.locator('header p').textContent()).toBe('version 1.5.0');
    await expect
      .poll(() => panel.locator('tbody tr').count(), { timeout: 20_000 })
      .toBeGreaterThan(0);
  });
});

describe('Reports', () => {
  it('lists those that there are, and shows a day as it was written', async () => {
    const listed = await api<{ daily: string[]; weekly: string[] }>('/v1/reports');
    await settle(page, `${shop.url}/reports`);
    const chips = (title: string): Promise<string[]> =>
      page.getByRole('region', { name: title }).locator('a').allInnerTexts();
    expect(await chips('Days')).toEqual(listed.daily.slice(0, 31));
    expect(await chips('Weeks')).toEqual(listed.weekly.slice(0, 31));

    const day = new Date(SHOP_NOW - 24 * HOUR_MS).toISOString().slice(0, 10);
    const written = await fetch(`${shop.url}/v1/reports/daily?date=${day}&format=text`);
    expect(written.status).toBe(200);
    const text = await written.text();
    await settle(page, `${shop.url}/reports?date=${day}`);
    const shown = page.locator('[data-test=report]');
    await expect.poll(() => shown.textContent()).toContain('GET /orders/:id');
    expect(await shown.textContent()).toBe(text);
    await settle(page, `${shop.url}/reports?date=${day}&service=none`);
    await expect
      .poll(() => shown.textContent(), { timeout: 20_000 })
      .toBe('The collector answered 404.');
  });

  it('shows nothing of one report under the title of the next, which is awaited', async () => {
    const [day, before] = [1, 2].map((days) =>
      new Date(SHOP_NOW - days * 24 * HOUR_MS).toISOString().slice(0, 10),
    );
    await settle(page, `${shop.url}/reports?date=${day}`);
    const shown = page.locator('[data-test=report]');
    await expect.poll(() => shown.textContent(), { timeout: 20_000 }).toContain('GET /orders/:id');
    let isLetOn = (): void => {};
    const letOn = new Promise<void>((resolve) => {
      isLetOn = resolve;
    });
    await page.route(/v1\/reports\/daily/, async (route) => {
      await letOn;
      await route.continue();
    });
    await page.getByRole('link', { name: before!, exact: true }).click();
    await page.waitForURL(`**/reports?date=${before}`);
    await expect.poll(() => shown.textContent(), { timeout: 20_000 }).toBe('Loading …');
    isLetOn();
    await expect.poll(() => shown.textContent(), { timeout: 20_000 }).toContain('GET /orders/:id');
    await page.unroute(/v1\/reports\/daily/);
  });
});
