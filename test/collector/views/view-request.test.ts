/** One range for all that a view puts together, and the one that its answer tells. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import type { Routes } from '../../../src/collector/views/routes.js';
import { counted } from '../../../src/collector/views/view-request.js';
import { HTTP_SERVER_QUERIES } from '../../../src/shared/application-metrics.js';
import { histogram } from '../../support/shop/points.js';
import { DAY_MS, HOUR_MS, makeBatch, send } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12, 30);
const MINUTE_MS = 60_000;
const SOURCE = { retention: RETENTION_DEFAULT, now: () => NOW };
/** So many, by processes, that their minutes are many rows, while one series of another metric has few. */
const ROUTES = Array.from({ length: 100 }, (_, i) => `/route-${i}`);
const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
let collector: Collector;

type Counted = Routes & { readonly fromMs: number; readonly toMs: number };

beforeAll(async () => {
  const options = { queryThreads: 0, maintenanceMs: HOUR_MS };
  collector = await startCollector({ folder, port: 0, now: () => NOW, ...options });
  // The first lies before the range of a day, and in the hour in which that begins.
  const starts = [NOW - DAY_MS - 20 * MINUTE_MS, NOW - 2 * HOUR_MS, NOW - HOUR_MS];
  for (const [at, startMs] of starts.entries()) {
    const pairs = { 'http.request.method': 'GET', 'http.route': '/route-0' };
    const batch = makeBatch({
      boot: `boot-${at}`,
      startMs,
      routes: Object.fromEntries(ROUTES.map((route) => [route, [1000]])),
      histograms: [histogram(HTTP_SERVER_QUERIES, pairs, [4])],
    });
    expect((await send(collector.url, batch)).ok).toBe(true);
  }
  await collector.store.maintain();
});
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

const routesIn = async (query: string): Promise<Counted> =>
  (await (await fetch(`${collector.url}/v1/routes?${query}`)).json()) as Counted;

it('a day is of whole hours in all its metrics, and says so', async () => {
  const { fromMs, toMs, routes } = await routesIn('from=-1d');
  expect([fromMs, toMs]).toEqual([NOW - DAY_MS - HOUR_MS / 2, NOW + HOUR_MS / 2]);
  const row = routes.find(({ route }) => route === '/route-0');
  expect(row).toMatchObject({ calls: 3, queriesPerRequest: 4 });
});

it('less than a day is of what was asked for, to the minute', async () => {
  const asked = `from=${NOW - HOUR_MS - MINUTE_MS / 2}&to=${NOW - MINUTE_MS / 2}`;
  const { fromMs, toMs, routes } = await routesIn(asked);
  expect([fromMs, toMs]).toEqual([NOW - HOUR_MS - MINUTE_MS, NOW]);
  expect(routes[0]).toMatchObject({ calls: 1 });
});

it('what a view counts is what its request says, whatever the range', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 400 * DAY_MS }),
      fc.oneof(
        fc.integer({ min: 1, max: 2 * HOUR_MS }),
        fc.integer({ min: 1, max: 70 * HOUR_MS }),
        fc.integer({ min: 1, max: 40 * DAY_MS }),
      ),
      (agoMs, lengthMs) => {
        const fromMs = NOW - agoMs - lengthMs;
        const asked = { service: undefined, limit: 1, fromMs, toMs: fromMs + lengthMs };
        const once = counted(asked, SOURCE);
        expect(once.fromMs).toBeLessThanOrEqual(asked.fromMs);
        expect(once.toMs).toBeGreaterThanOrEqual(asked.toMs);
        expect(counted(once, SOURCE)).toBe(once);
      },
    ),
  );
});
