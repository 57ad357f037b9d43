import { describe, expect, it } from 'vitest';
import { createContext } from '../../src/agent/context.js';
import { Operations } from '../../src/agent/operations.js';
import type { ProbeHost } from '../../src/agent/probe.js';
import type { Recorder } from '../../src/agent/recorder.js';
import { NO_DETAIL, NO_SPAN } from '../../src/agent/span-list.js';
import { TraceKeeper } from '../../src/agent/trace-keeper.js';
import type { LimitsOfOperation, TraceLimits } from '../../src/agent/trace-limits.js';
import { Unit } from '../../src/agent/unit.js';
import { Work } from '../../src/agent/work.js';
import type { Metric } from '../../src/shared/metric.js';
import type { KeptTrace } from '../../src/shared/worker-protocol.js';

const LIMITS: TraceLimits = { slowUs: 60_000_000, queriesMax: 2 };

/** Operations over a recorder that keeps what it gets as `metric values`. */
function setUp(mode: 'on' | 'off' = 'on', limitsOf: LimitsOfOperation = () => LIMITS) {
  const names: string[] = [];
  const records: [string, number][] = [];
  const record = (id: number, value: number): number => records.push([names[id]!, value]);
  const recorder = {
    series: (metric: Metric, values: readonly string[]) =>
      names.push(`${metric.name} ${values.filter(Boolean).join(' ')}`) - 1,
    record,
    stage: record,
    publish: () => {},
  } as unknown as Recorder;
  const context = createContext(mode, () => undefined);
  const work = new Work(recorder, context);
  const traces: KeptTrace[] = [];
  const keeper = new TraceKeeper({ traceSample: 0, user: [] }, (trace) => traces.push(trace));
  const host = { recorder, context, work, warn: () => {} } as unknown as ProbeHost;
  const query = async (): Promise<void> => {
    const startMs = performance.now();
    const unit = work.beginQuery(startMs);
    await new Promise((resolve) => setTimeout(resolve, 1));
    const series = recorder.series({ name: 'query' } as Metric, []);
    work.endQuery({ unit, startMs, span: NO_SPAN }, series, NO_DETAIL);
  };
  const queries = (): [string, number][] =>
    records.filter(([name]) => name.startsWith('tachograph.operation.queries'));
  return { operations: new Operations(host, keeper, limitsOf), context, query, queries, traces };
}

describe('an operation outside of every request', () => {
  it('counts its queries and those of operations within it, and keeps its trace when they are many', async () => {
    const { operations, query, queries, traces } = setUp();
    await operations.measure('sync', 'sales', async () => {
      await Promise.all([query(), query()]);
      await operations.measure('part', undefined, query);
    });
    expect(queries()).toEqual([['tachograph.operation.queries sync sales', 3]]);
    expect(traces).toMatchObject([{ reason: 'queries', queries: 3 }]);
  });

  it('is told apart from another that runs beside it', async () => {
    const { operations, query, queries } = setUp();
    await Promise.all([
      operations.measure('one', undefined, query),
      operations.measure('two', undefined, async () => {
        await query();
        await query();
      }),
    ]);
    expect(queries().sort()).toEqual([
      ['tachograph.operation.queries one', 1],
      ['tachograph.operation.queries two', 2],
    ]);
  });

  it('keeps its trace by the limit of its own name and module, whoever named the module', async () => {
    const always = { ...LIMITS, slowUs: -1 };
    const asked: (string | undefined)[][] = [];
    const { operations, traces } = setUp('on', (name, module) => {
      asked.push([name, module]);
      return name === 'hr_payroll_calculation' ? always : LIMITS;
    });
    operations.measure('hr_payroll_calculation', undefined, () => undefined);
    operations.measure('import', 'migration_execution', () => undefined);
    expect(asked).toEqual([
      ['hr_payroll_calculation', 'hr'],
      ['import', 'migration_execution'],
    ]);
    expect(traces).toMatchObject([{ reason: 'slow' }]);
  });

  it('has none to count without a context', async () => {
    const { operations, query, queries } = setUp('off');
    await operations.measure('sync', undefined, query);
    expect(queries()).toEqual([]);
  });
});

describe('an operation of a request', () => {
  it('leaves the queries to the request', async () => {
    const { operations, context, query, queries } = setUp();
    const request = new Unit(performance.now());
    await context.run(request, () => operations.measure('part', undefined, query));
    expect(queries()).toEqual([]);
    expect(request.queries).toBe(1);
  });

  it('that goes on after the response has ended is one outside', async () => {
    const { operations, context, query, queries } = setUp();
    const request = new Unit(performance.now());
    await context.run(request, () => {
      request.close(performance.now());
      return operations.measure('later', undefined, query);
    });
    expect(queries()).toEqual([['tachograph.operation.queries later', 1]]);
  });
});
