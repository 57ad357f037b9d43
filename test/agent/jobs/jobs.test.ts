import { describe, expect, it } from 'vitest';
import { createContext } from '../../../src/agent/context.js';
import { patchBullWorker } from '../../../src/agent/jobs/bullmq.js';
import { type JobStart, Jobs } from '../../../src/agent/jobs/jobs.js';
import { Sends } from '../../../src/agent/jobs/sends.js';
import type { LoadedModule } from '../../../src/agent/module-hooks.js';
import type { ProbeHost } from '../../../src/agent/probe.js';
import { createPropagation } from '../../../src/agent/propagation.js';
import type { Recorder } from '../../../src/agent/recorder.js';
import { NO_DETAIL } from '../../../src/agent/span-list.js';
import { TraceKeeper } from '../../../src/agent/trace-keeper.js';
import { Work } from '../../../src/agent/work.js';
import type { Metric } from '../../../src/shared/metric.js';
import type { KeptTrace } from '../../../src/shared/worker-protocol.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SENDER = { traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01`, tracestate: 'shop=1' };
const START: JobStart = { system: 'bullmq', queue: 'mails', name: 'welcome' };

/** Jobs over a recorder that keeps what it gets as `metric values`. */
function setUp(mode: 'on' | 'off' = 'on') {
  const names: string[] = [];
  const records: [string, number][] = [];
  const warnings: string[] = [];
  const record = (id: number, value: number): number => records.push([names[id]!, value]);
  const recorder = {
    series: (metric: Metric, values: readonly string[]) =>
      names.push(`${metric.name} ${values.map((value) => value ?? '-').join(' ')}`) - 1,
    record,
    stage: record,
    publish: () => {},
  } as unknown as Recorder;
  const context = createContext(mode, () => undefined);
  const kept: KeptTrace[] = [];
  const limits = { slowUs: 60_000_000, queriesMax: 2 };
  const traces = new TraceKeeper({ traceSample: 0, user: [] }, (trace) => kept.push(trace));
  const host = {
    recorder,
    context,
    traces,
    jobLimits: limits,
    work: new Work(recorder, context),
    propagate: createPropagation(['private']),
    warn: (_: string, detail: string) => warnings.push(detail),
  } as unknown as ProbeHost;
  const query = async (): Promise<void> => {
    const startMs = performance.now();
    const unit = host.work.beginQuery(startMs);
    const series = recorder.series({ name: 'query' } as Metric, []);
    const span = host.work.begin(unit, series, startMs);
    await new Promise((resolve) => setTimeout(resolve, 1));
    host.work.endQuery({ unit, startMs, span }, series, NO_DETAIL);
  };
  const of = (metric: string): [string, number][] =>
    records.filter(([name]) => name.startsWith(metric));
  return { host, jobs: new Jobs(host), sends: new Sends(host), query, of, kept, warnings };
}

describe('a job', () => {
  it('is a unit of its own, told apart from one beside it', async () => {
    const { jobs, query, of } = setUp();
    await Promise.all([
      jobs.run(() => START, query),
      jobs.run(
        () => ({ ...START, name: 'bill' }),
        async () => {
          await query();
          await query();
        },
      ),
    ]);
    expect(of('tachograph.job.queries').sort()).toEqual([
      ['tachograph.job.queries bullmq mails bill', 2],
      ['tachograph.job.queries bullmq mails welcome', 1],
    ]);
    expect(of('messaging.process.duration').map(([name]) => name)).toEqual([
      'messaging.process.duration bullmq mails welcome process -',
      'messaging.process.duration bullmq mails bill process -',
    ]);
  });

  it('that begins within another is none of its', async () => {
    const { jobs, query, of } = setUp();
    const inner = () => jobs.run(() => ({ system: '', queue: '', name: 'inner' }), query);
    await jobs.run(() => START, inner);
    expect(of('tachograph.job.queries')).toEqual([['tachograph.job.queries - - inner', 1]]);
    expect(of('tachograph.job.duration').map(([name]) => name)).toEqual([
      'tachograph.job.duration inner -',
    ]);
  });

  it('gives back what its work returns, throws or rejects with, and has failed then', async () => {
    const { jobs, of, kept } = setUp();
    expect(
      jobs.run(
        () => START,
        () => 7,
      ),
    ).toBe(7);
    const thrown = new RangeError('secret');
    const throwing = (): never => {
      throw thrown;
    };
    expect(() => jobs.run(() => START, throwing)).toThrow(thrown);
    await expect(
      jobs.run(
        () => START,
        () => Promise.reject(thrown),
      ),
    ).rejects.toBe(thrown);
    expect(of('messaging.process.duration').map(([name]) => name.split(' ').at(-1))).toEqual([
      '-',
      'RangeError',
      'RangeError',
    ]);
    expect(kept.map(({ reason }) => reason)).toEqual(['error', 'error']);
  });

  it('whose result the library drops ends when its work returns, and gives back that itself', () => {
    const { jobs, of } = setUp();
    const handled = Promise.reject(new RangeError());
    handled.catch(() => {});
    expect(
      jobs.call(
        () => START,
        () => handled,
      ),
    ).toBe(handled);
    expect(() =>
      jobs.call(
        () => START,
        () => {
          throw new TypeError();
        },
      ),
    ).toThrow(TypeError);
    expect(of('messaging.process.duration').map(([name]) => name.split(' ').at(-1))).toEqual([
      '-',
      'TypeError',
    ]);
  });

  it('has waited, unless it is a retry or nobody knows, and never less than nothing', () => {
    const { jobs, of } = setUp();
    const run = (more: Partial<JobStart>) =>
      jobs.run(
        () => ({ ...START, ...more }),
        () => {},
      );
    run({});
    run({ waitMs: Number.NaN });
    run({ waitMs: 1.5 });
    run({ waitMs: -20 });
    run({ waitMs: 900, isRetry: true });
    const name = (metric: string): string => `${metric} bullmq mails welcome`;
    expect(of('tachograph.job.wait_time')).toEqual([
      [name('tachograph.job.wait_time'), 1500],
      [name('tachograph.job.wait_time'), 0],
    ]);
    expect(of('tachograph.job.retries')).toEqual([[name('tachograph.job.retries'), 1]]);
  });

  it('of BullMQ is no retry at its first attempt, which before version 5 was counted as it began', () => {
    const { host, of } = setUp();
    class Worker {
      readonly name = 'mails';
      callProcessJob(_job: object): void {}
    }
    patchBullWorker({ exports: { Worker } } as unknown as LoadedModule, host);
    const worker = new Worker();
    const attempt = (counts: object): void =>
      worker.callProcessJob({ name: 'welcome', timestamp: 1000, processedOn: 1500, ...counts });
    attempt({ attemptsMade: 1 });
    attempt({ attemptsMade: 0, attemptsStarted: 1 });
    expect(of('tachograph.job.retries')).toEqual([]);
    expect(of('tachograph.job.wait_time').map(([, waitUs]) => waitUs)).toEqual([500_000, 500_000]);
    attempt({ attemptsMade: 2 });
    attempt({ attemptsMade: 1, attemptsStarted: 2 });
    expect(of('tachograph.job.retries')).toHaveLength(2);
    expect(of('tachograph.job.wait_time')).toHaveLength(2);
  });

  it('of BullMQ has not failed when it was put off, which before version 5 only a text says', () => {
    const { host, of } = setUp();
    class Worker {
      readonly name = 'mails';
      callProcessJob(_job: object, error: Error): never {
        throw error;
      }
    }
    patchBullWorker({ exports: { Worker } } as unknown as LoadedModule, host);
    const fails = (error: Error): void =>
      expect(() => new Worker().callProcessJob({ name: 'welcome' }, error)).toThrow(error);
    fails(new Error('bullmq:rateLimitExceeded'));
    fails(Object.assign(new Error('later'), { name: 'DelayedError' }));
    fails(new Error('a secret'));
    expect(of('messaging.process.duration').map(([name]) => name.split(' ').at(-1))).toEqual([
      '-',
      '-',
      'Error',
    ]);
  });

  it('runs as it would, and once, when what it is cannot be read', () => {
    const { jobs, of, warnings } = setUp();
    let calls = 0;
    const describe = (): never => {
      throw new Error('a getter');
    };
    for (let i = 0; i < 20; i++) jobs.run(describe, () => calls++);
    expect(calls).toBe(20);
    expect(of('messaging.process.duration')).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  it('is counted without a context, without its queries', async () => {
    const { jobs, query, of } = setUp('off');
    await jobs.run(() => START, query);
    expect(of('messaging.process.duration')).toHaveLength(1);
    expect(of('tachograph.job.queries')).toEqual([]);
  });

  it('has a bounded number of names', () => {
    const { jobs, of } = setUp();
    for (let i = 0; i < 500; i++) {
      jobs.run(
        () => ({ system: 'nats', queue: `q${i}`, name: `j${i}` }),
        () => {},
      );
    }
    const names = of('messaging.process.duration').map(([name]) => name);
    expect(new Set(names).size).toBe(201);
    expect(names.at(-1)).toBe('messaging.process.duration nats (other) (other) process -');
  });
});

describe('the trace of a job', () => {
  it('is its sender’s, and goes on to whom it sends', async () => {
    const { jobs, sends, kept, query } = setUp();
    let passed: Readonly<Record<string, string>> | undefined;
    await jobs.run(
      () => ({ ...START, sender: SENDER }),
      async () => {
        sends.carry('127.0.0.1', (trace) => {
          passed = trace;
        });
        await Promise.all([query(), query(), query()]);
      },
    );
    expect(passed?.traceparent).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`));
    expect(passed?.tracestate).toBe('shop=1');
    expect(kept).toMatchObject([{ reason: 'queries', traceId: TRACE_ID, queries: 3 }]);
  });

  it('is told to nobody outside, and by nobody who has none', () => {
    const { jobs, sends } = setUp();
    const told: unknown[] = [];
    const carry = (broker: unknown): void => sends.carry(broker, (trace) => told.push(trace));
    carry('127.0.0.1');
    jobs.run(
      () => START,
      () => {
        carry('broker.example.com');
        carry(undefined);
        carry('');
      },
    );
    expect(told).toEqual([]);
  });
});
