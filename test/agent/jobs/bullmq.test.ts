/** Every job of BullMQ is one job of ours: as many as Redis counts, each with its own queries. */
import { describe, expect, it } from 'vitest';
import { spansOf } from '../../support/spans-of.js';
import { NODES, runningService } from '../databases/served.js';
import { byJob, eachWay, leaksOf, runJobs } from './ran.js';

const redis = runningService('redis');

describe.each(eachWay(NODES))('BullMQ, $version, $format', ({ node, format }) => {
  it('each attempt is counted with its queries, and the jobs are as Redis has them', async () => {
    const env = { URL_OF_SERVER: redis.url };
    const bare = await runJobs('bullmq.mjs', format, { node, env, isBare: true });
    const run = await runJobs('bullmq.mjs', format, { node, env });
    const { counts, rejections } = run.said as Record<'counts' | 'rejections', unknown>;
    expect(rejections).toEqual(['TypeError']);
    expect(counts).toEqual({ completed: 213, failed: 2, waiting: 0, active: 0, delayed: 0 });
    expect(run.said).toEqual(bare.said);
    const { lines } = run;
    expect(byJob(lines, 'messaging.process.duration')).toEqual({
      'bullmq mails welcome': 201,
      'bullmq mails bill': 10,
      'bullmq mails flaky': 1,
      'bullmq mails flaky TypeError': 2,
      // Once it went on later, which is no failure.
      'bullmq mails postponed': 2,
      'bullmq mails hopeless RangeError': 1,
      // Its code cannot be read.
      'bullmq mails guarded _OTHER': 1,
    });
    expect(byJob(lines, 'tachograph.job.queries', 'sum')).toEqual({
      'bullmq mails welcome': 402,
      'bullmq mails bill': 30,
      'bullmq mails flaky': 3,
      'bullmq mails postponed': 4,
    });
    for (const line of lines.filter(({ name }) => name === 'tachograph.job.queries')) {
      expect(line.min).toBe(line.max);
    }
    expect(byJob(lines, 'tachograph.job.retries', 'value')).toEqual({ 'bullmq mails flaky': 2 });
    expect(byJob(lines, 'tachograph.job.wait_time')).toEqual({
      'bullmq mails welcome': 201,
      'bullmq mails bill': 10,
      'bullmq mails flaky': 1,
      'bullmq mails postponed': 1,
      'bullmq mails hopeless': 1,
      'bullmq mails guarded': 1,
    });
    const sent = ['messaging.system', 'messaging.destination.name', 'messaging.operation.name'];
    expect(byJob(lines, 'messaging.client.operation.duration', 'count', sent)).toEqual({
      'bullmq mails add': 16,
      'bullmq mails addBulk': 1,
    });
    const enqueue = lines.find(
      (line) => line['tachograph.operation.name'] === 'enqueue' && line.trace_id,
    );
    expect(
      spansOf(enqueue).filter(({ name }) => name === 'messaging.client.operation.duration'),
    ).toHaveLength(10);
    expect(leaksOf(run)).toEqual([]);
  });
});
