/** Every message of NATS that a callback or a loop is given is one job, with what its sender sent along. */
import { describe, expect, it } from 'vitest';
import { NODES, runningService } from '../databases/served.js';
import { byJob, eachWay, leaksOf, runJobs } from './ran.js';

const nats = runningService('nats');
const SENT = [
  'messaging.system',
  'messaging.destination.name',
  'messaging.operation.name',
  'error.type',
];

describe.each(eachWay(NODES))('nats, $version, $format', ({ node, format }) => {
  it('each message is counted with its queries and its trace, and nothing changes', async () => {
    const env = { URL_OF_SERVER: nats.url };
    const bare = await runJobs('nats.mjs', format, { node, env, isBare: true });
    const run = await runJobs('nats.mjs', format, { node, env });
    const { lines, said } = run;
    expect(said).toEqual({ ...(bare.said as object), parents: 41 });
    expect(said).toEqual({
      seen: { orders: 41, own: 40, events: 10, failing: 1, price: 3 },
      parents: 41,
      ownHeaders: ['own'],
      answers: [true, true, true, 'RequestError'],
      rejections: ['RangeError'],
    });
    expect(byJob(lines, 'messaging.process.duration')).toEqual({
      'nats orders.*': 41,
      'nats events.>': 10,
      // What a callback rejects with only the application knows.
      'nats failing': 1,
      'nats price': 3,
    });
    expect(byJob(lines, 'tachograph.job.queries', 'sum')).toEqual({
      // A callback's job ends when that returns: what it had asked by then.
      'nats orders.*': 41,
      // But for the first message of the loop.
      'nats events.>': 27,
      'nats failing': 1,
    });
    const operation = ['tachograph.operation.name'];
    expect(byJob(lines, 'tachograph.operation.queries', 'sum', operation)).toEqual({
      beside: 1,
      'after the loop': 1,
      'own loop': 2,
    });
    expect(byJob(lines, 'messaging.client.operation.duration', 'count', SENT)).toEqual({
      'nats orders.:int publish': 40,
      'nats orders.none publish': 1,
      'nats events.:token.b publish': 9,
      'nats events.last publish': 1,
      'nats failing publish': 1,
      'nats price request': 3,
      'nats nobody request RequestError': 1,
      'nats own publish': 2,
    });
    const traces = lines.filter(({ name }) => name === 'tachograph.trace');
    const publish = traces.find((line) => line['tachograph.operation.name'] === 'publish')!;
    const handled = traces.filter((line) => line['messaging.destination.name'] === 'orders.*');
    expect(handled.length).toBeGreaterThan(0);
    for (const line of handled) {
      expect(line.trace_id).toBe(publish.trace_id);
      expect(line.parent_span_id).toBe(publish.span_id);
    }
    expect(leaksOf(run)).toEqual([]);
  });

  it('is as without the agent for groups, streams, generators and inboxes of its own', async () => {
    const env = { URL_OF_SERVER: nats.url };
    const bare = await runJobs('nats-readers.mjs', format, { node, env, isBare: true });
    const run = await runJobs('nats-readers.mjs', format, { node, env });
    const { lines, said } = run;
    expect(said).toEqual(bare.said);
    expect(said).toMatchObject({
      seen: { called: 5, looped: 5, 'stream.outside': 3, 'stream.inside': 3, answer: 2 },
      thrown: 'RangeError',
      rejections: [],
    });
    expect(byJob(lines, 'messaging.process.duration')).toEqual({
      'nats grouped': 10,
      // Handled within an operation, which they are part of.
      'nats stream.outside': 3,
      'nats thrown RangeError': 1,
      'nats price': 2,
      'nats handled': 1,
    });
    expect(byJob(lines, 'tachograph.job.queries', 'sum')).toEqual({ 'nats grouped': 5 });
    const operation = ['tachograph.operation.name'];
    expect(byJob(lines, 'tachograph.operation.queries', 'sum', operation)).toEqual({
      'read outside': 3,
      'read inside': 3,
    });
    expect(leaksOf(run)).toEqual([]);
  });
});
