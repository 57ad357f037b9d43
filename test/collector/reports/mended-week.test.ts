import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Recommendation } from '../../../src/collector/reports/evidence.js';
import type { WeeklyReview } from '../../../src/collector/reports/report-model.js';
import type { Running } from '../beacon/make-view.js';
import { HOUR_MS, makeBatch, send } from '../make-batch.js';
import { FAULTY_HOURS, FAULTY_US, MENDED_US, playMendedWeek, REQUESTS } from './mended-week.js';

const TITLE = /orders/;
let running: Running;
/** By the end of the hour, what the API says of the fault. */
const statuses: string[] = [];
let review: WeeklyReview;

const get = (format: string): string =>
  `${running.url}/v1/reports/weekly?week=2026-W47&service=shop&format=${format}`;

beforeAll(async () => {
  running = await playMendedWeek(async (collector) => {
    const { recommendations } = await collector.json<{ recommendations: Recommendation[] }>(
      '/v1/recommendations?service=shop&from=-1h',
    );
    statuses.push(recommendations.find(({ type }) => type === 'n_plus_one')?.status ?? 'none');
  });
  review = (await (await fetch(get('json'))).json()) as WeeklyReview;
}, 120_000);
afterAll(async () => {
  vi.useRealTimers();
  await running.remove();
});

describe('a fix', () => {
  it('is followed when its evidence is gone, and verified when that lasted for a day', () => {
    expect(statuses.slice(0, FAULTY_HOURS)).toEqual(new Array(FAULTY_HOURS).fill('open'));
    const after = statuses.slice(FAULTY_HOURS);
    expect(after.slice(0, 24)).toEqual(new Array(24).fill('followed'));
    expect(after.slice(24)).toEqual(['verified']);
  });

  it('is in the review of its week, with what it saves in a day', () => {
    expect(review.verifiedFixes).toMatchObject([
      { type: 'n_plus_one', status: 'verified', title: expect.stringMatching(TITLE) },
    ]);
    const saved = ((FAULTY_US - MENDED_US) / 1e6) * REQUESTS * 24;
    expect(review.verifiedFixes[0]!.saved! / saved).toBeCloseTo(1, 1);
    expect(review.recommendations.map(({ type }) => type)).not.toContain('n_plus_one');
  });

  it.each(['text', 'md', 'html'])('is a line of the review as %s', async (format) => {
    const text = await (await fetch(get(format))).text();
    expect(text).toMatch(/verified fix – .*orders.*: saves 5\.\d+ min a day/);
  });
});

describe('the browser', () => {
  it('is in the review as pages told it, rated by what three of four had', () => {
    const vitals = Object.fromEntries(review.browser!.map((vital) => [vital.name, vital]));
    expect(vitals.LCP).toMatchObject({ samples: 30, unit: 's', rating: 'good' });
    // Slots of a histogram are a hundredth wide.
    expect(vitals.LCP!.p75! / 1.5).toBeCloseTo(1, 2);
    expect(vitals.CLS).toMatchObject({ samples: 30, rating: 'poor' });
    expect(vitals.CLS!.p75).toBeCloseTo(0.4, 2);
    expect(vitals.INP).toMatchObject({ rating: 'good' });
    expect(review.notJudged.map(({ what }) => what)).not.toContain('the browser');
  });

  it.each(['text', 'md', 'html'])('is a table of the review as %s', async (format) => {
    const text = await (await fetch(get(format))).text();
    for (const word of ['LCP', 'CLS', 'poor', 'good']) expect(text).toContain(word);
  });

  it('is what could not be judged of a service whose pages send nothing', async () => {
    const batch = makeBatch({
      agent: 'other:1',
      service: 'other',
      startMs: review.fromMs + HOUR_MS,
      routes: { '/api': [1000, 2000] },
    });
    expect((await send(running.url, batch)).status).toBe(200);
    const url = get('json').replace('service=shop', 'service=other');
    const other = (await (await fetch(url)).json()) as WeeklyReview;
    expect(other.browser).toBeNull();
    expect(other.notJudged).toContainEqual({
      what: 'the browser',
      why: 'no page sent the beacon this week',
    });
  });
});
