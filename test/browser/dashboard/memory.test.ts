/**
 * An hour of the open page, in as long as its answers take: the clocks of page and collector are moved on by ten seconds at a
 * time, and everything on the screen is asked again; every third time a window of both instances has arrived.
 */
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.js';
import { type OpenShop, openShop, SHOP_NOW } from '../../support/shop/open-shop.js';
import { ROUTES } from '../../support/shop/routes.js';
import { makeShop, type ShopTruth, sendShop } from '../../support/shop/shop.js';
import { openPage, settle } from './open-page.js';
import { growthOf, type PageMemory, probeMemory } from './page-memory.js';

const HOUR_MS = 3_600_000;
const BEAT_MS = 10_000;
const BEATS = HOUR_MS / BEAT_MS;
const WINDOW_MS = 3 * BEAT_MS;
const BEATS_OF_POINT = 30;
/** Nodes and listeners, 40 a reading. */
const KEEP_WHAT_IS_GONE = `(() => {
  window.kept ??= [];
  for (let i = 0; i < 40; i++) {
    const node = document.createElement('p');
    node.addEventListener('click', () => {});
    window.kept.push(node);
  }
})()`;
let nowMs = SHOP_NOW;
let browser: Browser;
let shop: OpenShop;
/** What comes in the hour. */
let later: ShopTruth;

beforeAll(async () => {
  browser = await launchChromium();
  // An hour of data is on the screen from the beginning, so that what is shown does not get more.
  shop = await openShop({ forMs: 0 }, { now: () => nowMs });
  const whole = makeShop({
    ...{ nowMs: SHOP_NOW + HOUR_MS, forMs: 2 * HOUR_MS, windowMs: WINDOW_MS },
    routes: ROUTES.slice(0, 3),
  });
  const half = whole.batches.length / 2;
  await sendShop(shop.url, { ...whole, batches: whole.batches.slice(0, half) });
  later = { ...whole, batches: whole.batches.slice(half) };
}, 240_000);
afterAll(async () => {
  await browser.close();
  await shop.close();
});

interface ClockedPage {
  readonly page: Page;
  readonly answers: () => number;
  /** Ten seconds, in which these arrive: the page has asked for everything again and shows it. */
  beat(batches: ShopTruth['batches']): Promise<void>;
}

async function openWithClock(path: string): Promise<ClockedPage> {
  const { page } = await openPage(browser);
  await page.clock.install({ time: nowMs });
  let answers = 0;
  let open = 0;
  const isQuestion = (url: string): boolean => url.includes('/v1/') && !url.includes('/v1/live');
  const onEnd = (request: Request): void => {
    if (!isQuestion(request.url())) return;
    open -= 1;
    answers += 1;
  };
  page.on('request', (request) => {
    if (isQuestion(request.url())) open += 1;
  });
  page.on('requestfinished', onEnd);
  page.on('requestfailed', onEnd);
  await settle(page, shop.url + path);
  // From here on it stands still between the beats: no answer takes so long that it is asked for less often.
  await page.clock.pauseAt(nowMs + 60_000);
  return {
    page,
    answers: () => answers,
    async beat(batches) {
      nowMs += BEAT_MS;
      await sendShop(shop.url, { ...later, batches });
      await page.clock.runFor(BEAT_MS);
      // What it asked was said before the answer to this.
      await page.evaluate("fetch('/v1/health').then((response) => response.text())");
      await expect.poll(() => open, { interval: 5, timeout: 60_000 }).toBe(0);
      // Effects of what was shown wait for a frame.
      await page.clock.runFor(200);
    },
  };
}

describe('an hour of the open page', () => {
  it('leaves no more nodes, listeners or heap than its first half', async () => {
    const { page, answers, beat } = await openWithClock('/');
    await page.getByText('live · last minute').waitFor();
    const probe = await probeMemory(page);
    const points: PageMemory[] = [];
    for (let i = 1; i <= BEATS; i++) {
      const window = i % 3 === 0 ? (2 * i) / 3 : 0;
      await beat(later.batches.slice(Math.max(0, window - 2), window));
      if (i % BEATS_OF_POINT === 0) points.push(await probe.read());
    }
    expect(answers()).toBeGreaterThan(2 * BEATS);
    expect(await page.locator('.live tbody tr').count()).toBeGreaterThan(10);
    expect(growthOf(points)).toEqual([]);
    await probe.close();
    await page.close();
  }, 900_000);

  it('is found to grow where a page keeps what it has taken off', async () => {
    const { page } = await openPage(browser);
    await page.goto(shop.url);
    // What it shows while it waits for answers is gone by then, which would look like the reverse.
    await page.getByText('live · last minute').waitFor();
    const probe = await probeMemory(page);
    const points: PageMemory[] = [];
    for (let i = 0; i < 8; i++) {
      await page.evaluate(KEEP_WHAT_IS_GONE);
      points.push(await probe.read());
    }
    expect(growthOf(points).join()).toMatch(/nodes: .*listeners: /);
    await probe.close();
    await page.close();
  });
});
