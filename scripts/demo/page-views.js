/**
 * Page views for the demo's collector: no browser runs there, so what one would have sent is made up, from a seed, and
 * posted as the beacon does. One a beat, to the demo's own collector; ends with the signal.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../examples/erp/load/random.js';

export const BEACON_KEY = 'made-up-views';
/** No page has it: what it says is of no browser. */
export const BEACON_ORIGIN = 'https://made-up-page-views.example';
const BEAT_MS = 700;
const TIMEOUT_MS = 5000;

/** Path, and how long its largest part takes to show on a desktop, in ms. */
const PAGES = /** @type {const} */ ([
  ['/', 1400],
  ['/sales/orders', 2900],
  ['/sales/orders/:int', 1100],
  ['/sales/customers/:int', 900],
  ['/inventory/products/:int', 1700],
  ['/finance/reports/profit-and-loss', 3600],
  ['/finance/forecast', 4400],
]);

/**
 * @param {string} url Of the collector.
 * @param {AbortSignal} signal
 */
export async function sendPageViews(url, signal) {
  const random = seededRandom(1);
  while (!signal.aborted) {
    await fetch(`${url}/v1/beacon?key=${BEACON_KEY}`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain;charset=UTF-8', origin: BEACON_ORIGIN },
      body: JSON.stringify(makeView(random)),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      // One that is lost is one view less.
    }).catch(() => {});
    await sleep(BEAT_MS, undefined, { signal }).catch(() => {});
  }
}

/** @param {() => number} random */
function makeView(random) {
  const among = (/** @type {readonly any[]} */ list) => list[Math.floor(random() * list.length)];
  const [path, largestMs] = among(PAGES);
  const device = among(['desktop', 'desktop', 'desktop', 'mobile', 'tablet']);
  const connection = among(['4g', '4g', '4g', '3g', 'unknown']);
  const slower = (device === 'desktop' ? 1 : 1.6) * (connection === '3g' ? 1.9 : 1);
  const near = (/** @type {number} */ ms) => Math.round(ms * slower * (0.6 + random() * 0.8));
  const largest = near(largestMs);
  const scriptMs = near(70);
  return {
    ...{ version: 1, type: 'navigate', isMore: false, path, trace: '', route: path },
    ...{ device, connection, targets: { LCP: 'main>table' } },
    vitals: {
      LCP: largest,
      FCP: Math.round(largest * 0.6),
      TTFB: Math.round(largest * 0.25),
      load: Math.round(largest * 1.3),
      INP: near(110),
      FID: near(9),
      CLS: Number((random() * 0.16).toFixed(3)),
    },
    frames: random() < 0.4 ? [[scriptMs + 30, scriptMs, 18]] : [],
    scripts: random() < 0.4 ? [['/public/table.js', 'sortRows', scriptMs]] : [],
    paces: [[60, 16]],
    calls:
      path === '/' ? [['GET', '/api/v1/dashboard', 200, near(160), '', '/api/v1/dashboard']] : [],
    interactions: [['pointer', near(60)]],
    quickInteractions: 3,
    resources: [
      ['document', 1, 24_000, 96_000, 1, 0, 1, 0],
      ['script', 3, 61_000, 210_000, 3, 1, 3, 0],
      ['stylesheet', 1, 12_000, 50_000, 1, 1, 1, 0],
      ['image', 6, 420_000, 430_000, 6, 2, 0, random() < 0.3 ? 1 : 0],
    ],
    errors: random() < 0.03 ? 1 : 0,
    omitted: 0,
  };
}
