import { expect, it } from 'vitest';
import { createContext } from '../../../src/agent/context.js';
import { Deliveries } from '../../../src/agent/jobs/amqplib-deliveries.js';
import { jobsOf } from '../../../src/agent/jobs/jobs.js';
import type { ProbeHost } from '../../../src/agent/probe.js';
import type { Recorder } from '../../../src/agent/recorder.js';
import { TraceKeeper } from '../../../src/agent/trace-keeper.js';
import type { Metric } from '../../../src/shared/metric.js';

const START = { system: 'rabbitmq', queue: 'orders', name: '' };

function setUp() {
  const names: string[] = [];
  const ended: string[] = [];
  const recorder = {
    series: (_: Metric, values: readonly string[]) => names.push(values[4] ?? 'ok') - 1,
    stage: (id: number) => ended.push(names[id]!),
    publish: () => {},
  } as unknown as Recorder;
  const context = createContext('on', () => undefined);
  const limits = { slowUs: 60_000_000, queriesMax: 20 };
  const traces = new TraceKeeper({ traceSample: 0, user: [] }, () => {});
  const host = { recorder, context, traces, jobLimits: limits, warn: () => {} };
  const deliveries = Deliveries.of(host as unknown as ProbeHost);
  const channel = {};
  const deliver = (tag: number | undefined, consumer: () => unknown): unknown =>
    deliveries.handle(
      channel,
      tag,
      jobsOf(host as unknown as ProbeHost).begin(() => START)!,
      consumer,
    );
  return { deliveries, channel, deliver, ended };
}

it('a message ends when its consumer has returned and it is answered, whichever comes last', () => {
  const { deliveries, channel, deliver, ended } = setUp();
  deliver(1, () => {});
  expect(ended).toEqual([]);
  deliveries.answer(channel, 1, false, undefined);
  expect(ended).toEqual(['ok']);
  deliver(2, () => {
    deliveries.answer(channel, 2, false, { name: 'nack' });
    expect(ended).toEqual(['ok']);
  });
  expect(ended).toEqual(['ok', 'nack']);
  // Nobody answers it.
  deliver(undefined, () => {});
  expect(ended).toEqual(['ok', 'nack', 'ok']);
});

it('several are answered at once, up to one of them or all, and each once', () => {
  const { deliveries, channel, deliver, ended } = setUp();
  for (const tag of [1, 2, 3, 4]) deliver(tag, () => {});
  deliveries.answer(channel, 2, true, undefined);
  expect(ended).toEqual(['ok', 'ok']);
  deliveries.answer(channel, 1, false, undefined);
  deliveries.answer({}, 3, false, undefined);
  expect(ended).toEqual(['ok', 'ok']);
  deliveries.close(channel);
  expect(ended).toEqual(['ok', 'ok', 'channel_closed', 'channel_closed']);
});

it('one whose consumer throws has failed, answered or not', () => {
  const { deliveries, channel, deliver, ended } = setUp();
  expect(() =>
    deliver(1, () => {
      deliveries.answer(channel, 1, false, undefined);
      throw new RangeError();
    }),
  ).toThrow(RangeError);
  expect(ended).toEqual(['RangeError']);
});

it('a consumer’s promise is given back as it is, and its message ends when it is answered', async () => {
  const { deliveries, channel, deliver, ended } = setUp();
  // Handled elsewhere: one derived from it would be rejected with nobody to handle it.
  const promise = Promise.reject(new TypeError());
  promise.catch(() => {});
  expect(deliver(1, () => promise)).toBe(promise);
  await Promise.resolve();
  expect(ended).toEqual([]);
  deliveries.answer(channel, 1, false, { name: 'nack' });
  expect(deliver(undefined, () => promise)).toBe(promise);
  expect(ended).toEqual(['nack', 'ok']);
});

it('messages past so many unanswered ones end when their consumer returns', () => {
  const { deliveries, channel, deliver, ended } = setUp();
  for (let tag = 1; tag <= 1005; tag++) deliver(tag, () => {});
  expect(ended).toHaveLength(5);
  deliveries.answer(channel, Number.POSITIVE_INFINITY, true, undefined);
  expect(ended).toHaveLength(1005);
});
