/**
 * Every page's figures in a real browser: what stands in its tables is what the API answers, and that is what was fed in:
 * the shop of known numbers, page views as a browser sends them, and an alert that fired.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAlertSettings } from '../../../src/alerts/alert-settings.js';
import {
  formatBudget,
  formatBytes,
  formatCount,
  formatPercent,
  formatPercentile,
  formatRate,
  formatSeconds,
} from '../../../src/browser/dashboard/parts/format-value.js';
import type { ProcessAccount } from '../../../src/collector/query/ledger.js';
import type { Recommendations } from '../../../src/collector/recommendations/recommendations-of.js';
import type { BudgetRow } from '../../../src/collector/views/budget-states.js';
import type { Frontend } from '../../../src/collector/views/frontend.js';
import type { JobRow } from '../../../src/collector/views/jobs.js';
import type { Libraries } from '../../../src/collector/views/libraries.js';
import type { ModuleRow } from '../../../src/collector/views/operations.js';
import type { QueryRow } from '../../../src/collector/views/queries.js';
import { NODEJS_EVENTLOOP_UTILIZATION, THREAD_SLOT } from '../../../src/shared/metrics.js';
import { resolveOptions } from '../../../src/shared/resolve-options.js';
import { type HookReceiver, hookReceiver } from '../../alerts/notify/hook-receiver.js';
import { makeView, post, type Running, startTaking } from '../../collector/beacon/make-view.js';
import { exactPercentile, makeBatch, send } from '../../collector/make-batch.js';
import { launchChromium } from '../../support/chromium.js';
import { DASHBOARD, SHOP_NOW } from '../../support/shop/open-shop.js';
import { attributesOf, gauge } from '../../support/shop/points.js';
import { ROUTES } from '../../support/shop/routes.js';
import { INSTANCES, makeShop, type ShopTruth, sendShop } from '../../support/shop/shop.js';
import { QUERIES } from '../../support/shop/window.js';
import { openPage, settle } from './open-page.js';

const VIEWS = Array.from({ length: 30 }, (_, i) => 900 + i * 100);
const MINUTES = 20;
const INSTANCE = 'service.instance.id';
let nowMs = SHOP_NOW;
let running: Running;
let receiver: HookReceiver;
let truth: ShopTruth;
let browser: Browser;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  receiver = await hookReceiver();
  const { options } = resolveOptions({
    TACHOGRAPH_ALERT_SLACK_URL: receiver.url.href,
    TACHOGRAPH_ALERT_RULES: 'collector_disk=off',
  });
  let monotonicMs = 0;
  running = await startTaking({
    dashboardFolder: DASHBOARD,
    now: () => nowMs,
    // Batches come at once here, not one in ten seconds.
    monotonicMs: () => {
      monotonicMs += 1000;
      return monotonicMs;
    },
    alerts: readAlertSettings(options).settings,
    alertsEveryMs: 3_600_000,
  });
  truth = makeShop({ nowMs, forMs: MINUTES * 60_000 });
  await sendShop(running.url, truth);
  for (const lcp of VIEWS) {
    const view = makeView({
      vitals: { LCP: lcp, INP: lcp / 10, CLS: 0.05 },
      calls: [['GET', '/api/stock', 200, lcp / 5, '', '/api/stock']],
      resources: [['script', 2, 1000, 3000, 2, 1, 2, 0]],
    });
    expect((await post(running.url, view)).status).toBe(204);
  }
  // What browsers sent is a window of its own, which is past by then.
  nowMs += 20_000;
  running = await running.again();
  browser = await launchChromium();
  ({ page, troubles } = await openPage(browser));
}, 120_000);
afterAll(async () => {
  await browser.close();
  await running.remove();
  await receiver.close();
  expect(troubles).toEqual([]);
});

const go = (path: string): Promise<void> => settle(page, running.url + path);
const api = <Answer>(path: string): Promise<Answer> => running.json<Answer>(path);

/** The cells of every row of a table, in the order of the screen. */
async function tableOf(caption: string): Promise<string[][]> {
  const rows = page.getByRole('region', { name: `Table: ${caption}` }).locator('tbody tr');
  const texts: string[][] = [];
  for (const row of await rows.all()) {
    texts.push((await row.locator('td').allInnerTexts()).map((text) => text.trim()));
  }
  return texts;
}

type Row = Pick<JobRow, 'total' | 'calls' | 'p50' | 'p95' | 'p99' | 'max' | 'errorRatio'>;

function timedCells({ total, calls, p50, p95, p99, max, errorRatio }: Row): string[] {
  const percentiles = [p50, p95, p99].map((value) => formatPercentile(value, calls));
  return [
    ...[formatSeconds(total), formatCount(calls), ...percentiles, formatSeconds(max)],
    formatPercent(errorRatio),
  ];
}

describe('Operations', () => {
  it('has every operation and job as the API says, and as often as it was done', async () => {
    await go('/operations');
    const { modules } = await api<{ modules: ModuleRow[] }>('/v1/operations');
    const rows = modules.flatMap(({ module, operations }) =>
      operations.map((row) => ({ ...row, module })),
    );
    expect(rows).toHaveLength(ROUTES.filter(({ module }) => module !== '').length);
    const shown = await tableOf('Operations');
    for (const row of rows) {
      const at = Number(row.operation.split('-').at(-1));
      expect(row.calls).toBe(truth.routes[at]!.values.length);
      const cells = shown.find(([name]) => name === row.operation);
      expect(cells?.slice(1, 9)).toEqual([row.module, ...timedCells(row)]);
    }
    const { jobs } = await api<{ jobs: JobRow[] }>('/v1/jobs');
    expect(jobs.map(({ calls }) => calls)).toEqual([MINUTES * 6 * INSTANCES.length]);
    const [cells] = await tableOf('Jobs and messages');
    expect(cells?.slice(2, 9)).toEqual(timedCells(jobs[0]!));
  });
});

describe('Database', () => {
  it('has every query as the API says, and each as often as it was made', async () => {
    await go('/database');
    const { queries } = await api<{ queries: QueryRow[] }>('/v1/queries');
    const windows = MINUTES * 6 * INSTANCES.length;
    const made = new Map(QUERIES.map(([text], at) => [text, [24, 90, 3, 1][at]! * windows]));
    expect(Object.fromEntries(queries.map(({ text, calls }) => [text, calls]))).toEqual(
      Object.fromEntries(made),
    );
    const shown = await tableOf('Queries');
    expect(shown).toHaveLength(queries.length);
    for (const row of queries) {
      const cells = shown.find((texts) => texts[0]?.includes(row.text));
      expect(cells?.slice(-6)).toEqual([
        ...[formatSeconds(row.total), formatRate(row.rate), formatCount(row.calls)],
        ...[formatSeconds(row.p50), formatSeconds(row.p95), formatSeconds(row.max)],
      ]);
    }
    const [pool] = await tableOf('Pools of connections');
    expect(pool?.[0]).toBe('shop');
    expect(pool?.[1]).toContain('of 20');
    expect(pool?.[2]).toBe('4.0');
  });
});

describe('Frontend', () => {
  it('has what browsers sent, and as the API says', async () => {
    await go('/frontend');
    const data = await api<Frontend>('/v1/frontend');
    const lcp = data.vitals.find(({ name }) => name === 'LCP')!;
    expect(lcp.samples).toBe(VIEWS.length);
    expect(lcp.p75! / (exactPercentile(VIEWS, 750) / 1000)).toBeCloseTo(1, 2);
    expect(lcp.good).toBe(VIEWS.filter((ms) => ms <= 2500).length);
    expect(await page.getByRole('region', { name: 'Vitals' }).textContent()).toContain(
      formatSeconds(lcp.p75),
    );
    const [pageRow] = data.pages;
    expect(await tableOf('Pages')).toEqual([
      [
        ...[pageRow!.page, formatCount(VIEWS.length)],
        ...[formatSeconds(pageRow!.lcp), formatSeconds(pageRow!.inp), pageRow!.cls!.toFixed(3)],
        ...[pageRow!.fcp, pageRow!.ttfb, pageRow!.load].map(formatSeconds),
        '0',
      ],
    ]);
    const [call] = data.ajax;
    expect(call!.calls).toBe(VIEWS.length);
    expect((await tableOf('Calls of pages'))[0]).toEqual([
      `${call!.method} ${call!.route}`,
      ...[formatCount(call!.calls), formatSeconds(call!.p75), formatSeconds(call!.p95), '0'],
    ]);
    const [scripts] = await tableOf('Resources');
    expect(scripts?.slice(0, 2)).toEqual(['script', formatCount(2 * VIEWS.length)]);
  });
});

describe('Infrastructure', () => {
  it('has each instance with what it last said', async () => {
    await go('/infrastructure');
    const last = async (metric: string, statistic: 'last' | 'mean'): Promise<number[]> => {
      const { groups } = await api<{
        groups: { attributes: Record<string, string>; total: Record<string, number> }[];
      }>(`/v1/query?metric=${metric}&group=service.instance.id`);
      return INSTANCES.map(({ boot }) => {
        const own = groups.find(({ attributes }) => attributes['service.instance.id'] === boot);
        return own!.total[statistic]!;
      });
    };
    const cpu = await last('process.cpu.utilization', 'mean');
    const memory = await last('process.memory.usage', 'last');
    for (const used of cpu) expect(used).toBeCloseTo(0.31, 1);
    const shown = await tableOf('Instances');
    INSTANCES.forEach(({ agent }, at) => {
      const cells = shown.find(([name]) => name?.includes(agent));
      expect(cells?.slice(1, 3)).toEqual([formatPercent(cpu[at]), formatBytes(memory[at])]);
    });
  });
});

describe('Infrastructure of a process with worker threads', () => {
  it('has the loop of its main thread, not a mean of all', async () => {
    const loop = (value: number, slot: string) =>
      gauge(NODEJS_EVENTLOOP_UTILIZATION, { [THREAD_SLOT]: slot }, value);
    const boot = 'boot-threads';
    const batch = makeBatch({
      ...{ agent: 'web-3:103', boot, startMs: SHOP_NOW - 10_000 },
      gauges: [loop(0.9, ''), loop(0.1, '1'), loop(0.2, '2')],
    });
    const resource = attributesOf({ ...Object.fromEntries(batch.resource), [INSTANCE]: boot });
    expect((await send(running.url, { ...batch, resource })).status).toBe(200);
    await go('/infrastructure');
    const heads = await page.locator('thead').first().locator('th').allInnerTexts();
    const at = heads.findIndex((text) => text.trim().startsWith('Loop'));
    const cells = (await tableOf('Instances')).find(([name]) => name?.includes('web-3:103'));
    expect(cells?.[at]).toBe('90 %');
  });
});

describe('Settings', () => {
  it('has the ledger of each process, every budget and every library', async () => {
    await go('/settings');
    const { processes } = await api<{ processes: ProcessAccount[] }>('/v1/ledger');
    const ledgers = await tableOf('Processes and their ledgers');
    expect(ledgers).toHaveLength(processes.length);
    const recorded = processes.filter(({ boot }) => INSTANCES.some((one) => one.boot === boot));
    expect(recorded.reduce((sum, one) => sum + one.recorded, 0)).toBe(truth.records);
    for (const one of processes) {
      const cells = ledgers.find(([name]) => name?.includes(one.agent));
      expect(cells?.slice(4, 6)).toEqual([formatCount(one.recorded), formatCount(one.received)]);
    }
    const { budgets } = await api<{ budgets: BudgetRow[] }>('/v1/budgets');
    const shown = await tableOf('Budgets');
    expect(shown).toHaveLength(budgets.length);
    for (const { name, state, value, valueLimit, limit, unit } of budgets) {
      const cells = shown.find(([first]) => first === name || first?.startsWith(`${name} `));
      expect(cells?.[2]).toContain(state);
      expect(cells?.slice(4, 6)).toEqual([
        formatBudget(value, unit),
        formatBudget(valueLimit ?? limit, unit),
      ]);
    }
    const { libraries } = await api<Libraries>('/v1/libraries');
    expect(libraries.map(({ library }) => library).sort()).toEqual(['express', 'pg']);
    expect((await tableOf('Libraries')).map(([library]) => library)).toEqual(['express', 'pg']);
    await page.getByText('talks to redis at port 6379').waitFor();
  });
});

describe('Recommendations', () => {
  it('has what the API recommends, the first first, each with its cost', async () => {
    await go('/recommendations');
    const { recommendations } = await api<Recommendations>('/v1/recommendations?from=-1h');
    expect(recommendations.length).toBeGreaterThan(0);
    const cards = await page.locator('.cards > li').allInnerTexts();
    expect(cards).toHaveLength(recommendations.length);
    recommendations.forEach(({ title, costPerDay, priority, fix }, at) => {
      expect(cards[at]).toContain(title);
      expect(cards[at]).toContain(priority);
      const cost = costPerDay > 0 ? `costs ~${formatSeconds(costPerDay)} a day` : 'confidence';
      expect(cards[at]).toContain(cost);
      expect(cards[at]).toContain(fix.text);
    });
    const { lists } = await api<{ lists: { items: { title: string }[] }[] }>(
      '/v1/checklist?from=-1h',
    );
    const items = lists.flatMap((list) => list.items);
    expect(await page.locator('main details.check').count()).toBe(items.length);
  });
});

describe('the custom time', () => {
  it('shows what was recorded in it, and nothing else', async () => {
    await go('/routes');
    await page.getByRole('button', { name: 'Custom' }).click();
    const local = (ms: number): Promise<string> =>
      page.evaluate(
        `(() => { const at = new Date(${ms}); return new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16); })()`,
      ) as Promise<string>;
    const [fromMs, toMs] = [SHOP_NOW - 15 * 60_000, SHOP_NOW - 5 * 60_000];
    await page.getByLabel('From').fill(await local(toMs));
    await page.getByLabel('To', { exact: true }).fill(await local(fromMs));
    await page.getByText('The beginning has to be before the end.').waitFor();
    expect(await page.getByRole('button', { name: 'Show', exact: true }).isDisabled()).toBe(true);
    await page.getByLabel('From').fill(await local(fromMs));
    await page.getByLabel('To', { exact: true }).fill(await local(toMs));
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.waitForURL((url) => url.searchParams.get('from') === String(fromMs));
    const requests = ROUTES[0]!.requests * 10 * 6 * INSTANCES.length;
    const calls = page.locator('tr', { has: page.getByText('GET /products', { exact: true }) });
    await expect.poll(() => calls.first().textContent()).toContain(formatCount(requests));
  });
});

describe('Alerts', () => {
  it('shows what fired, silences it, lists the silence, and ends it', async () => {
    const slow = { routes: { '/orders': Array.from({ length: 30 }, () => 3_000_000) } };
    for (let sequence = 1; sequence <= 40; sequence++) {
      const batch = makeBatch({ ...slow, boot: 'slow', startMs: nowMs, sequence, records: 0 });
      expect((await send(running.url, batch)).status).toBe(200);
      nowMs += 10_000;
      await running.collector.alerts!.clock.look();
    }
    const { alerts } = await api<{
      alerts: { rule: string; service: string; state: string; why: string }[];
    }>('/v1/alerts');
    expect(alerts.map(({ state }) => state)).toContain('firing');
    await go('/alerts');
    const cards = page.locator('.cards > li');
    expect(await cards.count()).toBe(alerts.length);
    const first = await cards.first().textContent();
    expect(first).toContain(alerts[0]!.rule);
    expect(first).toContain(alerts[0]!.why);
    await page.getByText('Nothing is silenced.').waitFor();

    await cards.first().getByRole('button', { name: 'Silence' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.textContent()).toContain(alerts[0]!.rule);
    await dialog.getByLabel('For').selectOption('24');
    await dialog.getByLabel('Because').fill('the new index comes at noon');
    await dialog.getByRole('button', { name: 'Silence' }).click();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    const listed = page.getByRole('region', { name: 'Silences' });
    await listed.getByText('the new index comes at noon').waitFor();
    const { silences } = await api<{ silences: { untilMs: number; matchers: object }[] }>(
      '/v1/silences',
    );
    expect(silences).toMatchObject([
      {
        untilMs: nowMs + 86_400_000,
        matchers: { rule: alerts[0]!.rule, service: alerts[0]!.service },
      },
    ]);
    await cards.first().getByText('silenced until').waitFor();

    await listed.getByRole('button', { name: 'End it' }).click();
    await page.getByText('Nothing is silenced.').waitFor();
    await cards.first().getByRole('button', { name: 'Silence' }).waitFor();
    expect(await api('/v1/silences')).toEqual({ silences: [] });
  });
});
