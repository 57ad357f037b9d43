/** What a collector says of jobs, from batches as agents send them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import type { BudgetRow } from '../../../src/collector/views/budget-states.js';
import type { JobRow } from '../../../src/collector/views/jobs.js';
import {
  JOB_DURATION,
  JOB_QUERIES,
  JOB_RETRIES,
  JOB_WAIT_TIME,
  MESSAGING_PROCESS_DURATION,
} from '../../../src/shared/job-metrics.js';
import type { Metric } from '../../../src/shared/metric.js';
import { histogramOf, makeBatch, send } from '../make-batch.js';

const NOW_MS = Date.UTC(2026, 10, 27, 12, 0, 0);
const folder = mkdtempSync(join(tmpdir(), 'tacho-jobs-'));
let collector: Collector;

const MAILS = { 'messaging.system': 'bullmq', 'messaging.destination.name': 'mails' };

function seriesOf({ name, kind, unit, scale }: Metric, pairs: Readonly<Record<string, string>>) {
  const attributes = Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1));
  return { name, kind, unit, scale, attributes } as const;
}

const values = (count: number, value: number): number[] => Array(count).fill(value);

beforeAll(async () => {
  collector = await startCollector({ folder, port: 0, queryThreads: 0, now: () => NOW_MS });
  const welcome = { ...MAILS, 'tachograph.job.name': 'welcome' };
  const nightly = { 'tachograph.job.name': 'nightly' };
  const process = { 'messaging.operation.name': 'process' };
  const of = (metric: Metric, pairs: Readonly<Record<string, string>>, numbers: number[]) =>
    histogramOf(seriesOf(metric, pairs) as never, numbers);
  const batch = makeBatch({
    startMs: NOW_MS - 20_000,
    histograms: [
      of(MESSAGING_PROCESS_DURATION, { ...welcome, ...process }, values(30, 10_000)),
      of(
        MESSAGING_PROCESS_DURATION,
        { ...welcome, ...process, 'error.type': 'TypeError' },
        values(10, 50_000),
      ),
      of(JOB_QUERIES, welcome, values(20, 4)),
      of(JOB_WAIT_TIME, welcome, values(30, 40_000_000)),
      of(JOB_DURATION, nightly, [9_000_000]),
    ],
    counters: [{ series: seriesOf(JOB_RETRIES, welcome) as never, value: 7 }],
  });
  expect((await send(collector.url, batch)).status).toBe(200);
});

afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask<Answer>(path: string): Promise<Answer> {
  return (await (await fetch(collector.url + path)).json()) as Answer;
}

it('jobs are listed by queue and name, schedules among them, those first that take most time', async () => {
  const { jobs } = await ask<{ jobs: JobRow[] }>('/v1/jobs?from=-1m');
  expect(jobs.map(({ system, queue, job }) => [system, queue, job])).toEqual([
    ['', '', 'nightly'],
    ['bullmq', 'mails', 'welcome'],
  ]);
  const [nightly, welcome] = jobs;
  expect(nightly).toMatchObject({ calls: 1, errorRatio: 0, queriesPerCall: null, retries: 0 });
  expect(nightly!.wait).toBeNull();
  expect(welcome).toMatchObject({ calls: 40, errorRatio: 0.25, queriesPerCall: 2, retries: 7 });
  expect(welcome!.total).toBeCloseTo(0.8, 3);
  expect(welcome!.wait!.p95).toBeCloseTo(40, 0);
});

it('budgets of jobs are judged: a schedule by its longest run, a queue by its waiting', async () => {
  const { budgets } = await ask<{ budgets: BudgetRow[] }>('/v1/budgets?from=-1m');
  const of = (name: string): BudgetRow => budgets.find((row) => row.name === name)!;
  expect(of('background_job')).toMatchObject({ state: 'ok', samples: 40, limit: 5000 });
  expect(of('scheduled_job')).toMatchObject({ state: 'breach', value: 9000 });
  expect(of('job_wait')).toMatchObject({
    state: 'breach',
    attributes: { ...MAILS, 'tachograph.job.name': 'welcome' },
  });
});

it('nothing is listed where there are no jobs', async () => {
  expect(await ask('/v1/jobs?service=other')).toMatchObject({ jobs: [] });
});
