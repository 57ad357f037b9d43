/** Every run of a schedule is a job, under its name, however it was begun. */
import { describe, expect, it } from 'vitest';
import { NODES } from '../databases/served.js';
import { byJob, eachWay, leaksOf, runJobs } from './ran.js';

describe.each(eachWay(NODES))('schedules, $version, $format', ({ node, format }) => {
  it('of croner are counted with their queries, and behave as without the agent', async () => {
    const bare = await runJobs('croner.mjs', format, { node, isBare: true });
    const run = await runJobs('croner.mjs', format, { node });
    expect(run.said).toEqual(bare.said);
    expect(run.said).toEqual({
      ticks: 2,
      caught: ['RangeError'],
      rejected: 'TypeError',
      rejections: ['TypeError'],
      functionName: 'nightly',
    });
    expect(byJob(run.lines, 'tachograph.job.duration')).toEqual({
      tick: 2,
      'by hand': 1,
      'failing RangeError': 1,
      'nightly TypeError': 2,
      '0 0 1 1 *': 1,
    });
    expect(byJob(run.lines, 'tachograph.job.queries', 'sum')).toEqual({
      tick: 4,
      'by hand': 3,
      '0 0 1 1 *': 1,
    });
    // By hand is not late.
    expect(byJob(run.lines, 'tachograph.job.wait_time')).toEqual({ tick: 2 });
    expect(byJob(run.lines, 'tachograph.operation.queries')).toEqual({});
    expect(leaksOf(run)).toEqual([]);
  });

  it('of node-cron are counted with their queries, and behave as without the agent', async () => {
    const bare = await runJobs('node-cron.mjs', format, { node, isBare: true });
    const run = await runJobs('node-cron.mjs', format, { node });
    expect(run.said).toEqual(bare.said);
    expect(run.said).toMatchObject({ ticks: 2, made: 'made', failed: 'RangeError' });
    expect(byJob(run.lines, 'tachograph.job.duration')).toEqual({
      tick: 2,
      'by hand': 1,
      'failing RangeError': 1,
      '0 0 1 1 *': 1,
    });
    expect(byJob(run.lines, 'tachograph.job.queries', 'sum')).toEqual({
      tick: 4,
      'by hand': 3,
      '0 0 1 1 *': 1,
    });
    expect(byJob(run.lines, 'tachograph.job.wait_time')).toEqual({ tick: 2 });
    expect(leaksOf(run)).toEqual([]);
  });
});
