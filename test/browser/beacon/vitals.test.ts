/**
 * What the beacon tells against what the browser's own observers saw of the same load, over a network as
 * slow as 3G.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BeaconView } from '../../../src/shared/beacon-view.js';
import { launchChromium } from '../../support/chromium.js';
import { type BeaconSite, type Handler, startBeaconSite } from './beacon-site.js';

/** A picture of 800 × 600 of one colour, as an uncompressed bitmap of 8 bits. */
function bitmap(): Buffer {
  const [width, height, head] = [800, 600, 14 + 40 + 4];
  const bytes = Buffer.alloc(head + width * height);
  bytes.write('BM', 0);
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(head, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(8, 28);
  bytes.writeUInt32LE(1, 46);
  bytes.writeUInt32LE(0x00cc6600, 54);
  return bytes;
}

const WITNESS = `
  const seen = {};
  for (const type of ['paint', 'largest-contentful-paint', 'layout-shift', 'first-input', 'long-animation-frame', 'resource'])
    new PerformanceObserver((list) => (seen[type] ??= []).push(...list.getEntries())).observe({ type, buffered: true });
  new PerformanceObserver((list) => (seen.event ??= []).push(...list.getEntries()))
    .observe({ type: 'event', buffered: true, durationThreshold: 16 });
  function witness() {
    const [navigation] = performance.getEntriesByType('navigation');
    return JSON.stringify({ ...seen, navigation,
      shifts: (seen['layout-shift'] ?? []).map(({ value, hadRecentInput }) => ({ value, hadRecentInput })),
      frames: (seen['long-animation-frame'] ?? []).map((frame) => ({ ...frame.toJSON(), scripts: frame.scripts.map((script) => script.toJSON()) })),
    });
  }
`;
const PAGE_SCRIPT = `
  function work(ms) { const end = performance.now() + ms; while (performance.now() < end); }
  function measureAll() {
    for (let i = 0; i < 300; i++) { document.body.style.paddingLeft = i % 7 + 'px'; document.body.offsetHeight; }
  }
  addEventListener('load', () => setTimeout(() => {
    document.querySelector('#late').style.height = '200px';
  }, 50));
  document.querySelector('button').addEventListener('click', function buy() {
    work(150); measureAll(); document.querySelector('button').textContent = 'Bought';
  });
  document.querySelector('button').addEventListener('click', () => fetch('/api/buy/4711', { method: 'PUT' }));
`;

const pages: Handler = (request, response) => {
  const type = (name: string): void => void response.setHeader('content-type', name);
  switch (request.url) {
    case '/hero.bmp':
      type('image/bmp');
      response.end(bitmap());
      return;
    case '/witness.js':
      type('text/javascript');
      response.end(WITNESS);
      return;
    case '/page.js':
      type('text/javascript');
      response.end(PAGE_SCRIPT);
      return;
    case '/style.css':
      type('text/css');
      response.end('button { padding: 1em } img { width: 200px; height: 150px }');
      return;
    case '/favicon.ico':
      response.writeHead(404).end();
      return;
    case '/api/buy/4711':
      response.end('ok');
      return;
    default:
      type('text/html');
      response.end(
        `<!doctype html><html><head><script src="/witness.js"></script>${site.tag}` +
          '<link rel="stylesheet" href="/style.css"></head><body><div id="late"></div>' +
          '<button>Buy</button><p>Text</p><img src="/hero.bmp"><script src="/page.js"></script>' +
          `${'<p>Line of text</p>'.repeat(100)}</body></html>`,
      );
  }
};

interface Entry {
  readonly name: string;
  readonly startTime: number;
  readonly duration: number;
  readonly [field: string]: unknown;
}
interface Witnessed {
  readonly navigation: Entry & { responseStart: number; loadEventEnd: number };
  readonly shifts: readonly { value: number; hadRecentInput: boolean }[];
  readonly frames: readonly (Entry & { scripts: readonly Entry[]; styleAndLayoutStart: number })[];
  readonly paint: readonly Entry[];
  readonly 'largest-contentful-paint': readonly Entry[];
  readonly 'first-input': readonly (Entry & { processingStart: number })[];
  readonly event: readonly (Entry & { interactionId: number })[];
  readonly resource: readonly (Entry & { initiatorType: string; transferSize: number })[];
}

let browser: Browser;
let site: BeaconSite;
let view: BeaconView;
let seen: Witnessed;

/** Finer than the beacon rounds. */
const near = (value: number) => expect.closeTo(value, 3);

describe('over a network like 3G', () => {
  beforeAll(async () => {
    browser = await launchChromium();
    site = await startBeaconSite(pages);
    const context = await browser.newContext();
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 150,
      downloadThroughput: 200 * 1024,
      uploadThroughput: 90 * 1024,
    });
    await page.goto(`${site.url}/products/4711`, { waitUntil: 'load' });
    await page.waitForFunction(
      "seen['layout-shift']?.length > 0 && seen['largest-contentful-paint']?.some((e) => e.url)",
    );
    const answered = page.waitForResponse((response) => response.url().includes('/api/'));
    await page.click('button');
    await answered;
    await page.waitForFunction("seen.event?.some((e) => e.interactionId) && seen['first-input']");
    await page.waitForFunction("seen.resource.some((e) => e.name.includes('/api/'))");
    await page.waitForFunction('document.images[0].complete');
    // The rest after which images are looked at, and the second in which frames are counted.
    await page.waitForTimeout(1200);
    seen = JSON.parse(await page.evaluate<string>('witness()')) as Witnessed;
    await page.close();
    [view] = (await site.arrived(1)) as [BeaconView];
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  it('first byte, paints and load are those of the browser', () => {
    const fcp = seen.paint.find(({ name }) => name === 'first-contentful-paint')!;
    const lcp = seen['largest-contentful-paint'].at(-1)!;
    expect(view.vitals.FCP).toEqual(near(fcp.startTime));
    expect(view.vitals.LCP).toEqual(near(lcp.startTime));
    expect(view.vitals.TTFB).toEqual(near(seen.navigation.responseStart));
    expect(view.vitals.load).toBe(Math.round(seen.navigation.loadEventEnd));
    expect(view.targets.LCP).toBe('html>body>img');
  });

  it('so is the shift of the page', () => {
    const sum = seen.shifts
      .filter(({ hadRecentInput }) => !hadRecentInput)
      .reduce((all, { value }) => all + value, 0);
    expect(sum).toBeGreaterThan(0);
    expect(view.vitals.CLS).toEqual(near(sum));
    expect(view.targets.CLS).toMatch(/^html>body/);
  });

  it('so are input delay and the interaction until the next paint', () => {
    const [first] = seen['first-input'];
    const durations = seen.event.filter(({ interactionId }) => interactionId > 0);
    const longest = Math.max(...durations.map(({ duration }) => duration));
    expect(view.vitals.FID).toEqual(near(first!.processingStart - first!.startTime));
    expect(view.vitals.INP).toBe(longest);
    expect(view.interactions).toEqual([['pointer', longest]]);
    expect(view.targets.INP).toBe('html>body>button');
  });

  it('so are long frames, with their scripts, style and layout', () => {
    const expected = seen.frames.map(({ startTime, duration, styleAndLayoutStart, scripts }) => {
      const sum = (field: string): number =>
        scripts.reduce((all, script) => all + (script[field] as number), 0);
      const forced = sum('forcedStyleAndLayoutDuration');
      const last = styleAndLayoutStart > 0 ? startTime + duration - styleAndLayoutStart : 0;
      return [duration, sum('duration') - forced, last + forced].map(Math.round);
    });
    expect(view.frames).toEqual(expected);
    const longest = view.frames.reduce((most, one) => (one[1] > most[1] ? one : most));
    expect(longest[1]).toBeGreaterThanOrEqual(140);
    expect(longest[2]).toBeGreaterThan(0);
    expect(view.scripts).toContainEqual(['/page.js', 'buy', expect.any(Number)]);
  });

  it('so are calls, by method and template of their path', () => {
    const call = seen.resource.find(({ name }) => name.includes('/api/'))!;
    expect(view.calls).toEqual([['PUT', '/api/buy/:int', 200, Math.round(call.duration), '', '']]);
  });

  it('so are files by type, and images that are too large for their place', () => {
    const of = (type: string) => view.resources.find((row) => row[0] === type)!;
    const bytes = (pattern: RegExp): number =>
      seen.resource
        .filter(({ name }) => pattern.test(name))
        .reduce((sum, { transferSize }) => sum + transferSize, 0);
    expect(of('script').slice(1, 3)).toEqual([3, bytes(/\.js$/)]);
    expect(of('stylesheet').slice(1, 3)).toEqual([1, bytes(/\.css$/)]);
    expect(of('image')[2]).toBe(bytes(/\.bmp$|\.ico$/));
    expect(of('image')[7]).toBe(1);
    expect(of('document')[1]).toBe(1);
    // The beacon's own script is the only one that comes compressed.
    expect(of('script')[6]).toBe(1);
    const bundle = view.resources.reduce((sum, row) => sum + row[1], 0);
    expect(bundle).toBe(seen.resource.length + 1);
  });

  it('frames are counted in the second after the interaction alone', () => {
    const frames = view.paces.reduce((sum, [count]) => sum + count, 0);
    expect(frames).toBeGreaterThan(0);
    expect(frames).toBeLessThanOrEqual(62);
  });
});
