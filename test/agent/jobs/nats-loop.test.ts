import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createContext } from '../../../src/agent/context.js';
import { watchLoop } from '../../../src/agent/jobs/nats-loop.js';
import type { ProbeHost } from '../../../src/agent/probe.js';
import type { Recorder } from '../../../src/agent/recorder.js';
import { TraceKeeper } from '../../../src/agent/trace-keeper.js';
import { Unit } from '../../../src/agent/unit.js';
import type { Metric } from '../../../src/shared/metric.js';

async function* countTo(last: number): AsyncGenerator<number> {
  for (let i = 1; i <= last; i++) {
    await null;
    yield i;
  }
}

function setUp() {
  const names: string[] = [];
  const ended: string[] = [];
  const stage = (id: number): number => ended.push(names[id]!);
  const recorder = {
    series: ({ name }: Metric, [, queue, , , error]: readonly string[]) =>
      names.push(`${name} ${queue}${error === undefined ? '' : ` ${error}`}`) - 1,
    stage,
    publish: () => {},
  } as unknown as Recorder;
  const context = createContext('on', () => undefined);
  const limits = { slowUs: 60_000_000, queriesMax: 20 };
  const traces = new TraceKeeper({ traceSample: 0, user: [] }, () => {});
  const warn = (_: string, detail: string): never => {
    throw new Error(detail);
  };
  const host = { recorder, context, traces, jobLimits: limits, warn } as unknown as ProbeHost;
  const watch = (iterator: AsyncGenerator<number>): AsyncGenerator<number> => {
    watchLoop(iterator, host, (value) => ({ system: 'nats', queue: `m${value}`, name: '' }));
    return iterator;
  };
  return { context, watch, ended };
}

const of = (...messages: number[]): string[] =>
  messages.map((message) => `messaging.process.duration m${message}`);

describe('a loop over messages', () => {
  it('works at each as a job that ends when the next is asked for; at the first without a context', async () => {
    const { context, watch, ended } = setUp();
    const units: (Unit | undefined)[] = [];
    const before: number[] = [];
    for await (const _message of watch(countTo(3))) {
      before.push(ended.length);
      await null;
      units.push(context.followed());
    }
    expect(ended).toEqual(of(1, 2, 3));
    expect(before).toEqual([0, 1, 2]);
    expect(units[0]).toBeUndefined();
    expect(units[1]).toBeInstanceOf(Unit);
    expect(units[2]).not.toBe(units[1]);
    // What comes after the loop is nobody's.
    expect(context.followed()?.isDone).toBe(true);
  });

  it('gives nothing of its own to whoever began it', async () => {
    const { context, watch } = setUp();
    const looped = (async () => {
      for await (const _message of watch(countTo(3))) await null;
    })();
    expect(context.followed()).toBeUndefined();
    await looped;
    expect(context.followed()).toBeUndefined();
  });

  it('that is left ends its job', async () => {
    const { watch, ended } = setUp();
    for await (const message of watch(countTo(3))) if (message === 2) break;
    expect(ended).toEqual(of(1, 2));
    const failing = async (): Promise<void> => {
      for await (const _message of watch(countTo(3))) throw new RangeError();
    };
    await expect(failing()).rejects.toThrow(RangeError);
    expect(ended).toEqual(of(1, 2, 1));
  });

  it('of a request is left to that', async () => {
    const { context, watch, ended } = setUp();
    const request = new Unit(0);
    await context.run(request, async () => {
      for await (const _message of watch(countTo(3))) expect(context.followed()).toBe(request);
    });
    expect(ended).toEqual([]);
  });

  it('that is begun by nobody and read by a request goes on with that', async () => {
    const { context, watch, ended } = setUp();
    const request = new Unit(0);
    const stream = Readable.from(watch(countTo(3)));
    await context.run(request, async () => {
      for await (const _message of stream) {
        await null;
        expect(context.followed()).toBe(request);
      }
      expect(context.followed()).toBe(request);
    });
    expect(ended).toEqual(of(1, 2, 3));
  });

  it('into which somebody throws ends its job, which has failed', async () => {
    const { watch, ended } = setUp();
    const iterator = watch(countTo(3));
    await iterator.next();
    await expect(iterator.throw(new RangeError())).rejects.toThrow(RangeError);
    expect(ended).toEqual(of(1).map((job) => `${job} RangeError`));
    expect(await iterator.next()).toEqual({ value: undefined, done: true });
  });

  it('that asks for two at a time is none, and gets what it would', async () => {
    const { watch, ended } = setUp();
    const iterator = watch(countTo(4));
    const both = await Promise.all([iterator.next(), iterator.next()]);
    expect(both.map(({ value }) => value)).toEqual([1, 2]);
    expect(await iterator.next()).toEqual({ value: 3, done: false });
    expect(ended).toEqual([]);
  });
});
