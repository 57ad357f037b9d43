/** Every message of RabbitMQ that a consumer is given is one job, with what its sender sent along. */
import { describe, expect, it } from 'vitest';
import { NODES, runningService } from '../databases/served.js';
import { byJob, eachWay, leaksOf, runJobs } from './ran.js';

const rabbitmq = runningService('rabbitmq');
const SENT = [
  'messaging.system',
  'messaging.destination.name',
  'messaging.operation.name',
  'error.type',
];

describe.each(eachWay(NODES))('amqplib, $version, $format', ({ node, format }) => {
  it('each message is counted with its queries and its trace, and nothing changes', async () => {
    const env = { URL_OF_SERVER: rabbitmq.url };
    const bare = await runJobs('amqplib.mjs', format, { node, env, isBare: true });
    const run = await runJobs('amqplib.mjs', format, { node, env });
    const { lines, said } = run;
    // But for the headers: of five messages one had a trace of its own, and four got one.
    expect(said).toEqual({ ...(bare.said as object), parents: 5 });
    expect(said).toMatchObject({
      ownKeys: ['x-own'],
      confirmed: [null, null, null, null, null],
      rejections: ['RangeError'],
      left: { promised: 0, later: 0, refused: 0, again: 0, failing: 0, fast: 0, sink: 1 },
    });
    expect(byJob(lines, 'messaging.process.duration')).toEqual({
      'rabbitmq promised': 200,
      'rabbitmq later': 10,
      'rabbitmq refused nack': 3,
      'rabbitmq refused reject': 3,
      'rabbitmq again nack': 1,
      'rabbitmq again': 1,
      // It was answered before it failed.
      'rabbitmq failing': 1,
      'rabbitmq fast': 5,
      'rabbitmq open channel_closed': 2,
      'rabbitmq open': 1,
    });
    expect(byJob(lines, 'tachograph.job.queries', 'sum')).toEqual({
      // Until they were answered.
      'rabbitmq promised': 400,
      'rabbitmq later': 30,
      'rabbitmq refused': 6,
      'rabbitmq again': 2,
      'rabbitmq failing': 1,
    });
    expect(byJob(lines, 'tachograph.job.retries', 'value')).toEqual({
      'rabbitmq again': 1,
      'rabbitmq open': 2,
    });
    // Where the sender wrote down when, in ms.
    expect(byJob(lines, 'tachograph.job.wait_time')).toEqual({ 'rabbitmq later': 10 });
    expect(byJob(lines, 'messaging.client.operation.duration', 'count', SENT)).toEqual({
      'rabbitmq promised publish': 200,
      'rabbitmq later publish': 10,
      'rabbitmq refused publish': 6,
      'rabbitmq again publish': 1,
      'rabbitmq failing publish': 1,
      'rabbitmq fast publish': 5,
      'rabbitmq open publish': 1,
      'rabbitmq events publish': 1,
    });
    const traces = lines.filter(({ name }) => name === 'tachograph.trace');
    const publish = traces.find((line) => line['tachograph.operation.name'] === 'publish')!;
    const handled = traces.filter((line) => line['messaging.destination.name'] === 'promised');
    expect(handled.length).toBeGreaterThan(0);
    for (const line of handled) {
      expect(line.trace_id).toBe(publish.trace_id);
      expect(line.parent_span_id).toBe(publish.span_id);
    }
    expect(leaksOf(run)).toEqual([]);
  });

  it('headers, options and rejections of all kinds are as without the agent', async () => {
    const env = { URL_OF_SERVER: rabbitmq.url };
    const bare = await runJobs('amqplib-headers.mjs', format, { node, env, isBare: true });
    const run = await runJobs('amqplib-headers.mjs', format, { node, env });
    const got = (said: unknown) => (said as { got: { trace: unknown }[] }).got;
    // But for the trace, which what has none of its own gets.
    expect(got(bare.said).map(({ trace }) => trace)).not.toContain('ours');
    const traced = got(bare.said).map((message, i) => ({
      ...message,
      ...(i < 3 && { trace: 'ours' }),
    }));
    expect(run.said).toEqual({ ...(bare.said as object), got: traced });
    expect(run.said).toMatchObject({ handled: 1, rejections: ['RangeError'], ownKeys: ['own'] });
    expect(traced).toMatchObject([
      { own: { inherited: 'kept', own: 'kept' } },
      { correlationId: 'inherited', priority: 1 },
      { own: { id: 'of a class' }, correlationId: 'of a class' },
      { trace: { traceparent: 7, tracestate: 7 } },
      { trace: { traceparent: true } },
      { trace: { traceparent: { a: [1] } } },
      { trace: { traceparent: 'their own' } },
    ]);
    expect(byJob(run.lines, 'messaging.process.duration')).toEqual({
      'rabbitmq headers': 7,
      'rabbitmq handled': 1,
      'rabbitmq unhandled': 1,
    });
    expect(run.stderr).toBe(bare.stderr);
    expect(leaksOf(run)).toEqual([]);
  });
});
