import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  ChangeGroup,
  DailyReport,
  WeeklyReview,
} from '../../../src/collector/reports/report-model.js';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { HOUR_MS } from '../make-batch.js';
import {
  BLOCKED_AT_MS,
  BROKEN_AT_MS,
  FORECAST,
  FORECAST_LINE,
  FORECAST_OPERATION,
  GONE_ROUTE,
  LINES_QUERY,
  MENDED_AT_MS,
  NEW_ROUTE,
  ORDER_LINE,
  ORDER_PAGE,
  playWeeks,
} from './erp-weeks.js';

const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
let nowMs = 0;
let collector: Collector;
const reviews = new Map<string, WeeklyReview>();

beforeAll(async () => {
  collector = await startCollector({
    folder,
    port: 0,
    queryThreads: 0,
    maintenanceMs: 3_600_000,
    now: () => nowMs,
    // Each simulated hour is sent at once.
    monotonicMs: () => nowMs,
    reports: { zone: 'UTC' },
  });
  await playWeeks(collector, (to) => {
    nowMs = to;
  });
  for (const week of ['2026-W45', '2026-W46', '2026-W47']) {
    const response = await fetch(`${collector.url}/v1/reports/weekly?week=${week}&service=erp`);
    expect(response.status).toBe(200);
    reviews.set(week, (await response.json()) as WeeklyReview);
  }
}, 300_000);
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

const namesOf = (groups: readonly ChangeGroup[]): string[] =>
  groups.flatMap(({ rows }) => rows.map(({ kind, name }) => `${kind} ${name}`)).sort();
const isNear = (a: number | null, b: number): boolean =>
  a !== null && Math.abs(a - b) <= 2 * HOUR_MS;

describe('the review of a week in which nothing changed', () => {
  it('names nothing', () => {
    const review = reviews.get('2026-W45')!;
    expect(namesOf(review.regressions)).toEqual([]);
    expect(namesOf(review.improvements)).toEqual([]);
    expect([review.continuing, review.appeared, review.vanished]).toEqual([[], [], []]);
    expect(review.verdict.state).toBe('steady');
    expect(review.quality).toMatchObject({ hours: 168, hoursWithData: 168, isBalanced: true });
  });
});

describe('the review of the week of the regression', () => {
  it('names what became slower, and nothing else', () => {
    const review = reviews.get('2026-W46')!;
    expect(namesOf(review.regressions)).toEqual([`query ${LINES_QUERY}`, `route ${ORDER_PAGE}`]);
    expect(namesOf(review.improvements)).toEqual([]);
    expect([review.continuing, review.appeared, review.vanished]).toEqual([[], [], []]);
    expect(review.verdict.state).toBe('worse');
  });

  it('names since when, the deploy, the line, by how much, and that it is latency', () => {
    const [group, ...others] = reviews.get('2026-W46')!.regressions;
    expect(others).toEqual([]);
    expect(isNear(group!.sinceMs, BROKEN_AT_MS)).toBe(true);
    expect(group!.deploy).toEqual({ version: '2.4.0', atMs: BROKEN_AT_MS });
    for (const row of group!.rows) {
      expect(row.code).toMatchObject(ORDER_LINE);
      expect(row.version).toBe('2.4.0');
      const planted = row.kind === 'query' ? 1.8 : 1.5;
      expect(Math.abs(row.effect!.ratio / planted - 1)).toBeLessThan(0.05);
      expect(row.cause!.latency).toBeGreaterThan(Math.abs(row.cause!.mix));
    }
  });
});

describe('the review of the week of the fix', () => {
  it('names the fix with its deploy, and the new regression without one', () => {
    const review = reviews.get('2026-W47')!;
    expect(namesOf(review.improvements)).toEqual([`query ${LINES_QUERY}`, `route ${ORDER_PAGE}`]);
    expect(isNear(review.improvements[0]!.sinceMs, MENDED_AT_MS)).toBe(true);
    expect(review.improvements[0]!.deploy).toEqual({ version: '2.4.1', atMs: MENDED_AT_MS });
    expect(namesOf(review.regressions)).toEqual([
      `operation ${FORECAST_OPERATION}`,
      `route ${FORECAST}`,
    ]);
    const [group, ...others] = review.regressions;
    expect(others).toEqual([]);
    expect(isNear(group!.sinceMs, BLOCKED_AT_MS)).toBe(true);
    expect(group!.deploy).toBeNull();
    expect(group!.blockedBy).toMatchObject(FORECAST_LINE);
    expect(review.continuing).toEqual([]);
    expect(review.verdict.state).toBe('mixed');
  });

  it('names the route that came and the one that went', () => {
    const { appeared, vanished } = reviews.get('2026-W47')!;
    expect(appeared.map(({ name }) => name)).toEqual([NEW_ROUTE]);
    expect(vanished.map(({ name }) => name)).toEqual([GONE_ROUTE]);
    expect(reviews.get('2026-W46')!.topCost.map(({ name }) => name)).toContain(ORDER_PAGE);
  });

  it('compares with the median of the weeks before', () => {
    const { headline } = reviews.get('2026-W47')!;
    expect(headline.median!.requests).toBeGreaterThan(headline.now.requests / 2);
    expect(headline.before!.p95).toBeGreaterThan(0);
    expect(headline.cause).not.toBeNull();
  });
});

it('a daily report is its subset, for the same data', async () => {
  const response = await fetch(`${collector.url}/v1/reports/daily?date=2026-11-20`);
  const report = (await response.json()) as DailyReport;
  expect(report).toMatchObject({ kind: 'daily', date: '2026-11-20' });
  expect(report.headline.now.requests).toBeGreaterThan(1000);
  expect(report.database.queries).toBeGreaterThan(1000);
  expect(report.slowest[0]!.name).toBe(FORECAST);
  expect(report.modules.map(({ module }) => module).sort()).toEqual([
    'finance',
    'inventory',
    'sales',
  ]);
});
