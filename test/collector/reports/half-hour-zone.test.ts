/** Days that begin at half past an hour of UTC, as rows of hours do not. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareKind } from '../../../src/collector/reports/changes.js';
import type { DailyReport } from '../../../src/collector/reports/report-model.js';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { DAY_MS, DURATION, HOUR_MS, makeBatch, send } from '../make-batch.js';

const zone = 'Asia/Kolkata';
/** Midnight of 2026-11-23 there. */
const MIDNIGHT = Date.UTC(2026, 10, 22, 18, 30);
const DAYS = 3;
/** So many, by processes, that the minutes at both ends of a day are many rows. */
const ROUTES = Array.from({ length: 50 }, (_, i) => `/route-${i}`);
const PROCESSES = 6;
const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
let nowMs = 0;
let collector: Collector;

beforeAll(async () => {
  collector = await startCollector({
    ...{ folder, port: 0, queryThreads: 0, maintenanceMs: HOUR_MS, reports: { zone } },
    now: () => nowMs,
    monotonicMs: () => nowMs,
  });
  // A request of each route in each half of an hour.
  for (let half = 0; half < DAYS * 48; half++) {
    const startMs = MIDNIGHT + half * (HOUR_MS / 2) + 60_000;
    nowMs = startMs + 20_000;
    const routes = Object.fromEntries(ROUTES.map((route) => [route, [1000 + (half % 7)]]));
    const parts = { boot: `boot-${half % PROCESSES}`, sequence: half + 1, startMs, routes };
    const answer = await send(collector.url, makeBatch(parts));
    expect(answer.ok).toBe(true);
  }
  nowMs = MIDNIGHT + DAYS * DAY_MS + HOUR_MS;
  await collector.store.maintain();
}, 60_000);
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

it.each(['2026-11-23', '2026-11-24', '2026-11-25'])(
  '%s has its 24 hours and no other',
  async (date) => {
    const response = await fetch(`${collector.url}/v1/reports/daily?date=${date}`);
    const { headline, slowest } = (await response.json()) as DailyReport;
    const requests = 48 * ROUTES.length;
    expect(headline.now).toMatchObject({ requests, requestsPerDay: requests });
    for (const { calls } of slowest) expect(calls).toBe(48);
  },
);

it('a day of which only hours are left has 24 of them, and says which', async () => {
  const lastMs = nowMs;
  nowMs += 20 * DAY_MS;
  const response = await fetch(`${collector.url}/v1/reports/daily?date=2026-11-25`);
  nowMs = lastMs;
  const { headline, fromMs, toMs, times } = (await response.json()) as DailyReport;
  expect(headline.now.requests).toBe(48 * ROUTES.length);
  const dayMs = MIDNIGHT + 2 * DAY_MS;
  expect([fromMs, toMs]).toEqual([dayMs - HOUR_MS / 2, dayMs + DAY_MS - HOUR_MS / 2]);
  expect(times).toEqual([
    'Counted from 2026-11-24 23:30 to 2026-11-25 23:30: only hours of UTC are kept so long.',
    'The time before is counted from 2026-11-17 23:30 to 2026-11-18 23:30: only hours of UTC are kept so long.',
  ]);
});

it('hours are compared though its days begin between them', async () => {
  const request = {
    ...{ service: undefined, zone, limit: 10 },
    before: { fromMs: MIDNIGHT, toMs: MIDNIGHT + DAY_MS, where: [] },
    after: { fromMs: MIDNIGHT + DAY_MS, toMs: MIDNIGHT + 2 * DAY_MS, where: [] },
  };
  const kind = { metric: DURATION, names: [], strata: [] };
  const result = await compareKind(collector.store, request, kind);
  const [row] = result!.rows;
  expect([row!.before.count, row!.after.count]).toEqual([47 * ROUTES.length, 48 * ROUTES.length]);
  expect(row!.compared?.whole).toBeDefined();
});
