/** A pool that was ended is none any more, though somebody may still hold it. */
import { expect, it } from 'vitest';
import { LeakWatch } from '../../../src/agent/databases/leak-watch.js';
import { patchMysqlPool } from '../../../src/agent/databases/mysql-pool.js';
import { patchPgPool } from '../../../src/agent/databases/pg-pool.js';
import type { LoadedModule } from '../../../src/agent/module-hooks.js';
import type { ProbeHost } from '../../../src/agent/probe.js';
import type { Recorder } from '../../../src/agent/recorder.js';
import { Work } from '../../../src/agent/work.js';
import type { Metric } from '../../../src/shared/metric.js';
import { makeHost } from './make-host.js';

type Callback = (error: unknown, connection?: object) => void;

/** What is sampled of pools, as `metric values`. */
function sampling() {
  const names: string[] = [];
  const records = new Map<string, number>();
  const recorder = {
    series: (metric: Metric, values: readonly string[]) =>
      names.push(`${metric.name} ${values.join(' ')}`) - 1,
    record: (id: number, value: number) => records.set(names[id]!, value),
  } as unknown as Recorder;
  const samplers: (() => void)[] = [];
  const { context, ...rest } = makeHost();
  const host = {
    ...rest,
    context,
    recorder,
    work: new Work(recorder, context),
    ticker: { onSample: (sample: () => void) => samplers.push(sample) },
    leaks: new LeakWatch(() => {}),
  } as unknown as ProbeHost;
  return {
    host,
    sample(): Record<string, number> {
      records.clear();
      for (const one of samplers) one();
      return Object.fromEntries(records);
    },
  };
}

/** As mysql2 has it: its lists stay as they were when it was ended. */
class MysqlPool {
  readonly config = {
    connectionLimit: 10,
    connectionConfig: { host: 'db', port: 3306, database: 'shop' },
  };
  readonly _allConnections = [{}, {}, {}];
  readonly _freeConnections = [{}];
  readonly _connectionQueue = [];
  _closed = false;

  getConnection(callback: Callback): void {
    callback(null, this._allConnections[0]);
  }
}

const gauges = (pool: string, [used, idle, pending, max]: readonly number[]) => ({
  [`db.client.connection.count ${pool} used`]: used,
  [`db.client.connection.count ${pool} idle`]: idle,
  [`db.client.connection.pending_requests ${pool}`]: pending,
  [`db.client.connection.max ${pool}`]: max,
});

it('mysql2: its connections are not counted, and those of its successor alone are', () => {
  const { host, sample } = sampling();
  patchMysqlPool({ exports: MysqlPool } as unknown as LoadedModule, host);
  const [first, second] = [new MysqlPool(), new MysqlPool()];
  first.getConnection(() => {});
  expect(sample()).toEqual(gauges('db:3306/shop', [2, 1, 0, 10]));
  first._closed = true;
  expect(sample()).toEqual({});
  second.getConnection(() => {});
  expect(sample()).toEqual(gauges('db:3306/shop', [2, 1, 0, 10]));
});

class PgPool {
  readonly options = { host: 'db', port: 5432, database: 'shop', max: 10 };
  totalCount = 2;
  idleCount = 0;
  waitingCount = 0;
  ended = false;

  connect(callback: Callback): void {
    callback(undefined, {});
  }
}

it('pg: it is counted until its last connection is closed', () => {
  const { host, sample } = sampling();
  patchPgPool({ exports: PgPool } as unknown as LoadedModule, host);
  const pool = new PgPool();
  pool.connect(() => {});
  expect(sample()).toEqual(gauges('db:5432/shop', [2, 0, 0, 10]));
  pool.ended = true;
  expect(sample()).toEqual({});
});
