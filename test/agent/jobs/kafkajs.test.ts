/** kafkajs over stand-ins for brokers: each message is one job, and each batch of `eachBatch`. */
import { describe, expect, it } from 'vitest';
import { NODES } from '../databases/served.js';
import { byJob, eachWay, leaksOf, runJobs } from './ran.js';

describe.each(eachWay(NODES))('kafkajs, $version, $format', ({ node, format }) => {
  it('each message and batch is counted with its queries and its sender’s trace', async () => {
    const bare = await runJobs('kafkajs.mjs', format, { node, isBare: true });
    const run = await runJobs('kafkajs.mjs', format, { node });
    const offsets = (count: number) => Array.from({ length: count }, (_, i) => String(i));
    const rejections = ['NotYet'];
    const sent = { count: 9, own: 7, values: 7, ownKeys: ['own'], failed: 'NotYet', rejections };
    const behaviour = {
      messages: { resolved: offsets(11) },
      batches: { resolved: ['19', '24'] },
    };
    expect(bare.said).toEqual({ ...behaviour, sent: { ...sent, traced: 0 } });
    expect(run.said).toEqual({ ...behaviour, sent: { ...sent, traced: 7 } });
    const operation = ['messaging.destination.name', 'messaging.operation.name', 'error.type'];
    expect(byJob(run.lines, 'messaging.client.operation.duration', 'count', operation)).toEqual({
      'orders send': 3,
      'sealed send': 1,
      send: 1,
      'refused send NotYet': 2,
    });
    expect(byJob(run.lines, 'messaging.process.duration')).toEqual({
      'kafka orders': 11,
      'kafka orders NotYet': 1,
      'kafka events': 2,
    });
    expect(byJob(run.lines, 'tachograph.job.queries', 'sum')).toEqual({
      'kafka orders': 24,
      'kafka events': 25,
    });
    expect(byJob(run.lines, 'tachograph.job.wait_time')).toEqual({
      'kafka orders': 12,
      'kafka events': 2,
    });
    const traces = run.lines.filter((line) => line['messaging.destination.name'] === 'orders');
    const ids = new Set(traces.flatMap(({ trace_id: id }) => id ?? []));
    expect([...ids]).toEqual(['0af7651916cd43dd8448eb211c80319c']);
    expect(leaksOf(run)).toEqual([]);
  });
});
