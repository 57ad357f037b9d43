/** What has ended is not kept until the next of its kind begins, which may be never. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createContext } from '../../src/agent/context.js';
import { MemcacheCalls } from '../../src/agent/databases/memcache-calls.js';
import { patchMongodb } from '../../src/agent/databases/mongodb.js';
import { patchNodeRedisPool } from '../../src/agent/databases/node-redis-pool.js';
import { QueryWatch } from '../../src/agent/databases/query-watch.js';
import { Jobs } from '../../src/agent/jobs/jobs.js';
import type { LoadedModule } from '../../src/agent/module-hooks.js';
import type { ProbeHost } from '../../src/agent/probe.js';
import { QueryPlaces } from '../../src/agent/query-places.js';
import { Recorder } from '../../src/agent/recorder.js';
import { RingWriter } from '../../src/agent/ring-writer.js';
import { Suspects } from '../../src/agent/suspects.js';
import { TraceKeeper } from '../../src/agent/trace-keeper.js';
import { Unit } from '../../src/agent/unit.js';
import { Work } from '../../src/agent/work.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function setUp(): ProbeHost {
  const recorder = new Recorder(new RingWriter(64 * 1024, 100, 0), 100, () => {});
  const context = createContext('on', () => undefined);
  const traces = new TraceKeeper({ traceSample: 0, user: [] }, () => {});
  const jobLimits = { slowUs: 60_000_000, queriesMax: 9 };
  const work = new Work(recorder, context);
  const ticker = { onTick: () => {}, onSample: () => {} };
  const warn = (_: string, detail: string): void => expect.unreachable(detail);
  const places = new QueryPlaces(recorder, new Suspects(() => {}));
  const host = { recorder, context, work, places, traces, jobLimits, ticker, warn };
  return host as unknown as ProbeHost;
}

const loaded = (exports: object): LoadedModule => ({ exports }) as unknown as LoadedModule;

/** Each begins and ends something, and gives what held it: of the unit it was done for, or of itself. */
const ENDS: Readonly<Record<string, (host: ProbeHost) => object>> = {
  'a query'(host) {
    const queries = new QueryWatch(host, 'postgresql');
    const connection = {};
    queries.end(queries.begin('SELECT 1', connection, undefined)!, undefined);
    kept.push(queries);
    return connection;
  },
  'a job'(host) {
    const jobs = new Jobs(host);
    const call = jobs.begin(() => ({ system: 'bullmq', queue: 'mails', name: 'welcome' }))!;
    jobs.end(call, undefined);
    kept.push(jobs);
    return call.unit;
  },
  'a command of memcached'(host) {
    const calls = new MemcacheCalls(host);
    const call = calls.begin('get')!;
    calls.end('get', call, undefined, 1, 1);
    kept.push(calls);
    return call;
  },
  'a command of mongodb'(host) {
    class Connection {
      command(): void {}
    }
    patchMongodb(loaded({ Connection }), host);
    const session = {};
    const command = Connection.prototype.command as (...args: unknown[]) => void;
    command.call(new Connection(), 'shop', { find: 'orders' }, { session });
    kept.push(Connection);
    return session;
  },
  'a task of a node-redis pool'(host) {
    class RedisClientPool {
      readonly _self = this;
      execute(task: () => void): void {
        task();
      }
    }
    patchNodeRedisPool(loaded({ RedisClientPool }), host);
    const unit = new Unit(0);
    host.context.run(unit, () => new RedisClientPool().execute(() => {}));
    kept.push(RedisClientPool);
    return unit;
  },
};

const kept: unknown[] = [];

it('a query whose place is not to be seen keeps its unit no longer than the `then` in which it is made', () => {
  const child = fileURLToPath(new URL('lost-query.ts', import.meta.url));
  const flags = ['--expose-gc', '--import', 'tsx'];
  const said = execFileSync(process.execPath, [...flags, child], { encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual({ withoutThen: 'gone', inThen: 'kept', afterThen: 'gone' });
});

it.each(Object.keys(ENDS))('%s is let go at its end', async (kind) => {
  const host = setUp();
  host.context.follow();
  const ended = new WeakRef(ENDS[kind]!(host));
  // What a WeakRef was made of stays until the turn is over.
  await sleep(0);
  collect();
  expect(ended.deref()).toBeUndefined();
});
