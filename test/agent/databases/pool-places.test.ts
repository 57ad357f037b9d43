/** Once a pool has lost a connection it is noted who takes one: the application, and not what is asked of the pool. */
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { LeakWatch } from '../../../src/agent/databases/leak-watch.js';
import { patchMysqlPool } from '../../../src/agent/databases/mysql-pool.js';
import { patchPgPool } from '../../../src/agent/databases/pg-pool.js';
import type { LoadedModule } from '../../../src/agent/module-hooks.js';
import type { ProbeHost } from '../../../src/agent/probe.js';
import type { ConnectionLeak } from '../../../src/shared/worker-protocol.js';
import { makeHost } from './make-host.js';

const require = createRequire(import.meta.url);
const LEAK_MS = 30_000;
/** More than places are taken at once. */
const MANY = 30;
/** Nothing listens there: who asks is noted before it is known what comes of it. */
const NOWHERE = { host: '127.0.0.1', port: 1 };

interface Pool {
  query(sql: string, onEnd: () => void): unknown;
  execute?(sql: string, values: unknown[], onEnd: () => void): unknown;
  /** Of pg. */
  connect?(onTaken: () => void): unknown;
  getConnection?(onTaken: () => void): unknown;
  end(onEnd: () => void): unknown;
}

/** Where it has the class of pools, what is done when that is loaded, and how one is opened. */
const LIBRARIES = {
  mysql2: {
    // Its `exports` do not lead there.
    file: require.resolve('mysql2').replace(/index\.js$/, 'lib/base/pool.js'),
    patch: patchMysqlPool,
    open: () => require('mysql2').createPool(NOWHERE) as Pool,
  },
  mysql: {
    file: 'mysql/lib/Pool.js',
    patch: patchMysqlPool,
    open: () => require('mysql').createPool(NOWHERE) as Pool,
  },
  pg: {
    file: 'pg-pool',
    patch: patchPgPool,
    open: () => new (require('pg').Pool)(NOWHERE) as Pool,
  },
} as const;

function watching(): { host: ProbeHost; lose: (pool: object) => void } {
  const told: ConnectionLeak[] = [];
  const clock = { ms: 0 };
  const leaks = new LeakWatch(
    (leak) => told.push(leak),
    () => clock.ms,
  );
  const lose = (pool: object): void => {
    const connection = {};
    leaks.taken(connection, undefined);
    clock.ms += LEAK_MS;
    leaks.look(pool, 'db', [connection], new Set());
    expect(told).toHaveLength(1);
  };
  const ticker = { onTick: () => {}, onSample: () => {} };
  return { host: { ...makeHost(), leaks, ticker } as unknown as ProbeHost, lose };
}

it.each(Object.keys(LIBRARIES) as (keyof typeof LIBRARIES)[])(
  '%s: those that take without a place leave the room to those that have one',
  async (name) => {
    const { file, patch, open } = LIBRARIES[name];
    const { host, lose } = watching();
    patch({ exports: require(file) } as LoadedModule, host);
    const pool = open();
    lose(pool);
    const many = async (ask: (onEnd: () => void) => unknown): Promise<void> => {
      const all = Array.from({ length: MANY }, () => new Promise<void>((resolve) => ask(resolve)));
      await Promise.all(all);
    };
    await many((onEnd) => pool.query('SELECT 1', onEnd));
    if ('execute' in pool) await many((onEnd) => pool.execute!('SELECT 1', [], onEnd));
    expect(host.leaks.placeOf(pool)).not.toEqual([]);
    await many((onTaken) => (pool.getConnection ?? pool.connect)!.call(pool, onTaken));
    expect(host.leaks.placeOf(pool)).toEqual([]);
    await new Promise<void>((resolve) => pool.end(resolve));
  },
);
