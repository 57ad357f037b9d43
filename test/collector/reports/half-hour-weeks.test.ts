/** Weeks that begin at half past an hour of UTC: each has its own time and no other, or says which it has. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WeeklyReview } from '../../../src/collector/reports/report-model.js';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { DB_CLIENT_OPERATION_DURATION } from '../../../src/shared/database-metrics.js';
import { DAY_MS, HOUR_MS, histogramOf, makeBatch, send } from '../make-batch.js';

const zone = 'Asia/Kolkata';
const WEEK_MS = 7 * DAY_MS;
const HOURS = 24 * 7;
const WEEKS = 3;
/** Monday, 2026-11-02 there. */
const FIRST_MS = Date.UTC(2026, 10, 1, 18, 30);
/** Requests of the last half hour of each week. */
const LAST_OF_WEEK: readonly number[] = [10, 20, 30];
/** Of the first half hour of every week; every other hour of the zone begins with one. */
const FIRST_OF_WEEK = 100;
const OTHERS = HOURS - 1;
const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
let nowMs = FIRST_MS;
let collector: Collector;

/** What is sent, in order: how many requests when. */
const SENT: readonly (readonly [startMs: number, requests: number])[] = LAST_OF_WEEK.flatMap(
  (last, week) => {
    const weekMs = FIRST_MS + week * WEEK_MS + 60_000;
    return [
      ...Array.from({ length: HOURS }, (_, hour) => {
        return [weekMs + hour * HOUR_MS, hour === 0 ? FIRST_OF_WEEK : 1] as const;
      }),
      [weekMs + WEEK_MS - HOUR_MS / 2, last] as const,
    ];
  },
);

beforeAll(async () => {
  collector = await startCollector({
    ...{ folder, port: 0, queryThreads: 0, maintenanceMs: HOUR_MS, reports: { zone } },
    now: () => nowMs,
    monotonicMs: () => nowMs,
  });
  const { name, unit, scale } = DB_CLIENT_OPERATION_DURATION;
  const queries = { name, unit, scale, kind: 'histogram' as const, attributes: [] };
  for (const [index, [startMs, requests]] of SENT.entries()) {
    nowMs = startMs + 20_000;
    const values = Array<number>(requests).fill(1000);
    const parts = { routes: { '/': values }, histograms: [histogramOf(queries, values)] };
    const batch = makeBatch({ sequence: index + 1, startMs, ...parts });
    expect((await send(collector.url, batch)).ok).toBe(true);
  }
  // Of the first week no minutes are left by then, nor of the day in which the second began.
  nowMs = FIRST_MS + WEEKS * WEEK_MS + 6 * HOUR_MS;
  await collector.store.maintain();
}, 120_000);
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

async function review(): Promise<WeeklyReview> {
  const response = await fetch(`${collector.url}/v1/reports/weekly?week=2026-W47`);
  return (await response.json()) as WeeklyReview;
}

it('a week has its 168 hours and no other, in all its figures', async () => {
  const { headline, database, topCost, quality, fromMs, toMs } = await review();
  const lastMs = FIRST_MS + 2 * WEEK_MS;
  expect([fromMs, toMs]).toEqual([lastMs, lastMs + WEEK_MS]);
  const requests = FIRST_OF_WEEK + OTHERS + LAST_OF_WEEK[2]!;
  expect(headline.now).toMatchObject({ requests, requestsPerDay: requests / 7 });
  expect(database.queries).toBe(requests);
  // A route and a query.
  expect(topCost.map(({ calls }) => calls)).toEqual([requests, requests]);
  expect(quality).toMatchObject({ hours: 168, hoursWithData: 168 });
});

it('the week before it, whose first minutes are gone, is of as many hours, and the review says of which', async () => {
  const { headline, times } = await review();
  const requests = LAST_OF_WEEK[0]! + FIRST_OF_WEEK + OTHERS;
  expect(headline.before).toMatchObject({ requests, requestsPerDay: requests / 7 });
  expect(times).toEqual([
    'The time before is counted from 2026-11-08 23:30 to 2026-11-15 23:30: only hours of UTC are kept so long.',
    'Changes are those from 2026-11-15 23:30 to 2026-11-22 23:30: they are told by the hour of UTC.',
  ]);
  const text = await fetch(`${collector.url}/v1/reports/weekly?week=2026-W47&format=text`);
  expect(await text.text()).toContain('The time before is counted from 2026-11-08 23:30');
});

it('a week of which only hours are left is of as many, and says so', async () => {
  const lastMs = nowMs;
  nowMs += WEEK_MS;
  const { headline, fromMs, toMs, times } = await review();
  nowMs = lastMs;
  expect(headline.now.requests).toBe(LAST_OF_WEEK[1]! + FIRST_OF_WEEK + OTHERS);
  const shiftedMs = FIRST_MS + 2 * WEEK_MS - HOUR_MS / 2;
  expect([fromMs, toMs]).toEqual([shiftedMs, shiftedMs + WEEK_MS]);
  expect(times?.[0]).toBe(
    'Counted from 2026-11-15 23:30 to 2026-11-22 23:30: only hours of UTC are kept so long.',
  );
});
