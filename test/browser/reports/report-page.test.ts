/** Reports as HTML in a real browser, as a phone and a desk show them: of a real collector, and with long names. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { renderReport } from '../../../src/collector/reports/render-report.js';
import type { Running } from '../../collector/beacon/make-view.js';
import { playMendedWeek } from '../../collector/reports/mended-week.js';
import { sampleReview } from '../../collector/reports/sample-report.js';
import { launchChromium } from '../../support/chromium.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1200, height: 900 };
const SHOWN = process.env.TACHOGRAPH_TEST_PICTURES;

let running: Running;
let browser: Browser;
beforeAll(async () => {
  running = await playMendedWeek();
  browser = await launchChromium();
}, 120_000);
afterAll(async () => {
  await browser.close();
  vi.useRealTimers();
  await running.remove();
});

/** By name, what fills a page with a report. */
const REPORTS: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  daily: (page) =>
    page.goto(`${running.url}/v1/reports/daily?date=2026-11-16&service=shop&format=html`),
  weekly: (page) =>
    page.goto(`${running.url}/v1/reports/weekly?week=2026-W47&service=shop&format=html`),
  'one of everything': (page) =>
    page.setContent(renderReport(sampleReview('GET /production/orders/:id'), 'html')),
  'one of long names': (page) =>
    page.setContent(renderReport(sampleReview(`GET /${'inventory'.repeat(20)}`), 'html')),
};

async function open(
  name: string,
  viewport: typeof PHONE,
  colorScheme: 'dark' | 'light' = 'light',
): Promise<Page> {
  const page = await browser.newPage({ viewport, colorScheme });
  await REPORTS[name]!(page);
  if (SHOWN !== undefined) {
    const file = `${name.replaceAll(' ', '-')}-${viewport.width}-${colorScheme}.png`;
    await page.screenshot({ path: `${SHOWN}/${file}`, fullPage: true });
  }
  return page;
}

/** Texts that are cut, or reach beyond the page. */
const BEYOND = `(() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')]
    .filter((element) => {
      const { right, left } = element.getBoundingClientRect();
      return right > width + 0.5 || left < -0.5 || element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
    })
    .map((element) => element.tagName + ' ' + element.textContent.trim().slice(0, 60));
})()`;

describe.each(Object.keys(REPORTS))('a report, %s', (name) => {
  it.each([PHONE, DESK])('fits into $width px, and nothing in it is cut', async (viewport) => {
    const page = await open(name, viewport);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
      viewport.width,
    );
    expect(await page.evaluate(BEYOND)).toEqual([]);
    await page.close();
  });

  it.each(['dark', 'light'] as const)('can be read in the %s scheme, by axe', async (scheme) => {
    const page = await open(name, PHONE, scheme);
    await page.evaluate(AXE);
    const found = (await page.evaluate(
      `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 90)).join(' | ')))`,
    )) as string[];
    expect(found).toEqual([]);
    await page.close();
  });
});
