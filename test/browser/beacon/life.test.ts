/**
 * How page views begin and end in a real browser: each is told once, whatever becomes of its page. The
 * browser that keeps pages for the way back is started without Playwright's flag against it.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium, spawnChromium } from '../../support/chromium.js';
import { type BeaconSite, startBeaconSite } from './beacon-site.js';

const APP = `
  document.querySelector('#go')?.addEventListener('click', async () => {
    await fetch('/api/parts/9');
    history.pushState({}, '', '/parts/9?secret=1');
    const main = document.createElement('main');
    main.innerHTML = '<h1>Part with a heading</h1><p>' + 'Much text of the part. '.repeat(100) + '</p>';
    document.body.replaceChildren(main);
  });
`;

/** Of pages that nobody drives: the next is prepared, shown, and left again. */
const PREPARE = `
  if (location.pathname === '/start') {
    const rules = document.createElement('script');
    rules.type = 'speculationrules';
    rules.textContent = JSON.stringify({ prerender: [{ urls: ['/next'], eagerness: 'immediate' }] });
    document.head.append(rules);
    setTimeout(() => (location.href = '/next'), 2000);
  } else {
    const leave = () => setTimeout(() => (location.href = 'about:blank'), 1000);
    if (document.prerendering) document.addEventListener('prerenderingchange', leave);
    else leave();
  }
`;

let browser: Browser;
let context: BrowserContext;
let site: BeaconSite;
let page: Page;
const complaints: string[] = [];
/** Answers that are never finished. */
const endless = new Set<() => void>();

beforeAll(async () => {
  browser = await launchChromium({
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    // Newer versions tell of soft navigations by themselves; 150 does not.
    args: ['--enable-features=SoftNavigationHeuristics'],
  });
});
afterAll(() => browser.close());

beforeEach(async () => {
  site = await startBeaconSite((request, response) => {
    const { pathname } = new URL(request.url!, 'http://site');
    if (pathname === '/app.js') {
      response.setHeader('content-type', 'text/javascript');
      response.end(APP);
    } else if (pathname === '/endless.png') {
      response.setHeader('content-type', 'image/png');
      response.write('x');
      endless.add(() => response.destroy());
    } else if (pathname.startsWith('/api/')) {
      response.end('{}');
    } else if (pathname === '/prepare.js') {
      response.setHeader('content-type', 'text/javascript');
      response.end(PREPARE);
    } else if (pathname === '/favicon.ico') {
      response.writeHead(204).end();
    } else {
      response.setHeader('content-type', 'text/html');
      const prepare = /^\/(?:start|next)$/.test(pathname)
        ? '<script src="/prepare.js" defer></script>'
        : '';
      const image = pathname.startsWith('/endless') ? '<img src="/endless.png">' : '';
      response.end(
        `<!doctype html><html><head>${site.tag}</head><body><h1>Page ${pathname.length}</h1>` +
          `<a href="/linked">Next</a><button id="go">Go</button>${image}${prepare}<script src="/app.js"></script></body></html>`,
      );
    }
  });
  context = await browser.newContext();
  page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
});

afterEach(async () => {
  for (const end of endless) end();
  endless.clear();
  await context.close();
  await site.close();
  expect(complaints.splice(0)).toEqual([]);
});

/** By way of a page without beacon: what is under way is then told. */
async function leave(): Promise<void> {
  await page.goto('about:blank');
  await page.waitForTimeout(300);
}

/** The page shows something, and its scripts were told. */
async function painted(): Promise<void> {
  await page.waitForFunction("performance.getEntriesByName('first-contentful-paint').length > 0");
  await page.waitForTimeout(300);
}

/** The paint after a return counts once two frames have passed, which takes as long as it takes. */
async function framesPass(): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const pass = (left) => (left === 0 ? resolve() : requestAnimationFrame(() => pass(left - 1)));
    pass(4);
  })`);
}

/** How often each view was told. */
function told(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type, path, isMore } of site.beacons) {
    const name = `${type} ${path}${isMore ? ' more' : ''}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('a view is told once', () => {
  it('when a link leads on, and when the tab is closed', async () => {
    await page.goto(`${site.url}/first`, { waitUntil: 'load' });
    await page.click('a');
    await page.waitForURL('**/linked');
    await page.close();
    await site.arrived(2);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(told()).toEqual({ 'navigate /first': 1, 'navigate /linked': 1 });
  });

  it('of each of ten tabs that are closed at once, none lost', async () => {
    const tabs = await Promise.all(Array.from({ length: 10 }, () => context.newPage()));
    await Promise.all(
      tabs.map((tab, i) => tab.goto(`${site.url}/tab-${'x'.repeat(i)}`, { waitUntil: 'load' })),
    );
    await Promise.all(tabs.map((tab) => tab.close()));
    await site.arrived(10);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(Object.values(told())).toEqual(Array(10).fill(1));
  });

  it('when the tab crashes', async () => {
    await page.goto(`${site.url}/crash`, { waitUntil: 'load' });
    await page.waitForTimeout(500);
    const session = await context.newCDPSession(page);
    session.send('Page.crash').catch(() => {});
    await site.arrived(1);
    expect(told()).toEqual({ 'navigate /crash': 1 });
  });

  it('when the page is kept, and once more when somebody comes back to it', async () => {
    await page.goto(`${site.url}/kept`, { waitUntil: 'load' });
    await page.goto(`${site.url}/other`, { waitUntil: 'load' });
    await page.goBack({ waitUntil: 'commit' });
    await page.waitForTimeout(300);
    await framesPass();
    await page.click('h1');
    await leave();
    await site.arrived(3);
    expect(told()).toEqual({
      'navigate /kept': 1,
      'navigate /other': 1,
      'back-forward-cache /kept': 1,
    });
    const back = site.beacons.find(({ type }) => type === 'back-forward-cache')!;
    expect(back.vitals.LCP).toBeGreaterThan(0);
    expect(back.vitals).not.toHaveProperty('TTFB');
    expect(back.vitals).not.toHaveProperty('load');
  });

  it('where it is loaded again', async () => {
    await page.goto(`${site.url}/again`, { waitUntil: 'load' });
    await page.reload({ waitUntil: 'load' });
    await leave();
    await site.arrived(2);
    expect(told()).toEqual({ 'navigate /again': 1, 'reload /again': 1 });
  });
});

describe('a soft navigation', () => {
  it('is a view of its own, with vitals of its own, under its own path', async () => {
    await page.goto(`${site.url}/orders`, { waitUntil: 'load' });
    await page.waitForTimeout(300);
    await page.click('#go');
    await page.waitForSelector('main');
    await page.waitForTimeout(1500);
    await page.click('main h1');
    await leave();
    await site.arrived(2);
    expect(told()).toEqual({ 'navigate /orders': 1, 'soft-navigation /parts/:int': 1 });
    const [first, second] = site.beacons;
    expect(first!.vitals).toMatchObject({ TTFB: expect.any(Number), CLS: 0 });
    // Made before the view began, and told by the browser about when it does.
    const calls = [...first!.calls, ...second!.calls];
    expect(calls.map((call) => call.slice(0, 3))).toEqual([['GET', '/api/parts/:int', 200]]);
    expect(second!.vitals.LCP).toBeGreaterThan(0);
    expect(second!.vitals.FCP).toBeGreaterThan(0);
    expect(second!.vitals).not.toHaveProperty('TTFB');
    expect(second!.targets.LCP).toContain('main');
    expect(JSON.stringify(site.beacons)).not.toContain('secret');
  });
});

describe('a load that is not finished', () => {
  it('is told without the time that it did not take, whether its tab is closed or it is left', async () => {
    await page.goto(`${site.url}/endless-a`, { waitUntil: 'domcontentloaded' });
    await painted();
    await page.goto(`${site.url}/endless-b`, { waitUntil: 'domcontentloaded' });
    await painted();
    await page.evaluate('window.stop()');
    await page.close();
    await site.arrived(2);
    expect(told()).toEqual({ 'navigate /endless-a': 1, 'navigate /endless-b': 1 });
    for (const { vitals, path } of site.beacons) {
      expect(vitals.FCP).toBeGreaterThan(0);
      // Whoever stops a load has the rest of it at once: the browser fires its event.
      if (path === '/endless-a') expect(vitals).not.toHaveProperty('load');
    }
  });

  it('is nothing when its tab is closed before the script was there', async () => {
    const session = await context.newCDPSession(page);
    const { targetInfo } = await session.send('Target.getTargetInfo');
    const ofBrowser = await browser.newBrowserCDPSession();
    await page.goto(`${site.url}/early`, { waitUntil: 'commit' });
    // Not `page.close()`: one tab in twenty that is closed so early never says that it is gone.
    await ofBrowser.send('Target.closeTarget', { targetId: targetInfo.targetId });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(site.beacons.length).toBeLessThanOrEqual(1);
  });
});

describe('a page that is prepared in advance', () => {
  it('is a view only once it is shown, and loads in no time', async () => {
    const end = spawnChromium(`${site.url}/start`);
    try {
      await site.arrived(2);
    } finally {
      await end();
    }
    expect(told()).toEqual({ 'navigate /start': 1, 'prerender /next': 1 });
    expect(site.beacons.find(({ type }) => type === 'prerender')!.vitals.load).toBe(0);
  });
});
