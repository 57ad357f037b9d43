/**
 * `npm run check:dashboard [-- --data FOLDER --range 1h]`: how long pages take to open over 30 days of 200 routes, in Chromium. Each page
 * at each range, three times, each time after a batch has come, so that no answer is one of before; the middle one counts. Exit code 1 when a first paint comes after 200 ms, or
 * the page's table after a second. With `--data` the folder is kept, and used again when it has data.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { makeBatch, send } from '../../../collector/make-batch.js';
import { launchChromium } from '../../../support/chromium.js';
import { endProcess, startCollectorProcess } from '../../../support/collector-process.js';
import { DAYS, makeMonth, ROUTES_COUNT } from '../../../support/month/month-store.js';

const PAINT_MS_MAX = 200;
const TABLE_MS_MAX = 1000;
const TIMES = 3;
const RANGES = ['1h', '24h', '7d', '30d'] as const;
const ROUTE = 'method=GET&route=%2Farea-0%2Fthings-0%2F%3Aid';
/** A page, and what shows that its main part is there. */
const PAGES = [
  ['Now', '/', '[data-test=verdict]'],
  ['Routes', '/routes', 'a.route'],
  ['Route', `/route?${ROUTE}`, 'main canvas'],
  ['Database', '/database', 'main tbody tr'],
  ['Infrastructure', '/infrastructure', 'main tbody tr'],
] as const;

interface Opening {
  readonly paintMs: number;
  readonly shownMs: number;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Looks at each frame: whoever waits from outside looks twice a second. */
function markWhenShown(selector: string): string {
  return `(function look() {
    if (document.querySelector(${JSON.stringify(selector)}) === null) requestAnimationFrame(look);
    else performance.mark('shown');
  })()`;
}

async function open(browser: Browser, url: string, selector: string): Promise<Opening> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(markWhenShown(selector));
    await page.goto(url, { waitUntil: 'commit' });
    await page.locator(selector).first().waitFor({ timeout: 120_000 });
    return await page.evaluate(() => ({
      shownMs: performance.getEntriesByName('shown')[0]?.startTime ?? Number.NaN,
      paintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    }));
  } finally {
    await context.close();
  }
}

let sent = 0;
/** A folder that is used again has the batches of the run before. */
const boot = `opening ${Date.now()}`;

/** As a service does that is recorded meanwhile. */
async function sendBatch(url: string): Promise<void> {
  sent += 1;
  const startMs = Date.now() - 10_000;
  const batch = makeBatch({ boot, sequence: sent, startMs, routes: { '/opening': [1000] } });
  const { status } = await send(url, batch);
  if (status !== 200) throw new Error(`expected the batch to be taken, got ${status}`);
}

function middle(openings: readonly Opening[], of: keyof Opening): number {
  const sorted = openings.map((opening) => opening[of]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, range: { type: 'string', multiple: true } },
  });
  const folder = values.data ?? mkdtempSync(join(tmpdir(), 'tacho-month-'));
  if (!existsSync(folder) || readdirSync(folder).length === 0) {
    print(`writing ${DAYS} days of ${ROUTES_COUNT} routes to ${folder}`);
    await makeMonth(folder, Date.now(), (day) => print(`day ${day}`));
  }
  const collector = await startCollectorProcess(folder);
  const browser = await launchChromium();
  let isMissed = false;
  try {
    for (const range of values.range ?? RANGES) {
      for (const [name, path, selector] of PAGES) {
        const url = `${collector.url}${path}${path.includes('?') ? '&' : '?'}range=${range}`;
        const openings: Opening[] = [];
        for (let i = 0; i < TIMES; i++) {
          await sendBatch(collector.url);
          openings.push(await open(browser, url, selector));
        }
        const [paintMs, shownMs] = [middle(openings, 'paintMs'), middle(openings, 'shownMs')];
        const isHeld = paintMs <= PAINT_MS_MAX && shownMs <= TABLE_MS_MAX;
        if (!isHeld) isMissed = true;
        const first = openings[0]!.shownMs;
        print(
          `${isHeld ? 'holds ' : 'missed'}  ${range.padEnd(3)} ${name.padEnd(14)} first paint ${paintMs.toFixed(0)} ms, ` +
            `shown after ${shownMs.toFixed(0)} ms (first time ${first.toFixed(0)})`,
        );
      }
    }
  } finally {
    await browser.close();
    await endProcess(collector.child, 'SIGTERM');
    if (values.data === undefined) rmSync(folder, { recursive: true });
  }
  return isMissed ? 1 : 0;
}

process.exitCode = await main();
