/**
 * node-redis: how long it takes to have a connection of a pool, and how many there are. A task that had to
 * wait is started by whoever gives its connection back, so it is run as the unit that handed it over.
 */
import { dressAs } from '../dress-as.js';
import { guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { endOf } from '../timed-call.js';
import type { Unit } from '../unit.js';
import type { BegunCall } from '../work.js';
import { PoolWatch, poolName } from './pool-watch.js';

/** What an application has is made of it by `Object.create`. */
interface Pool {
  readonly _self: Pool;
  readonly totalClients: number;
  readonly idleClients: number;
  readonly tasksQueueLength: number;
  readonly isOpen?: boolean;
}

interface ClientOptions {
  readonly url?: string;
  readonly database?: number;
  readonly socket?: { readonly host?: string; readonly port?: number };
}

interface Made {
  readonly name: string;
  readonly max: number;
}

/** Its own default. */
const CLIENTS_MAX = 100;

/** For @redis/client/dist/lib/client/pool.js. */
export function patchNodeRedisPool({ exports }: LoadedModule, host: ProbeHost): void {
  const { RedisClientPool } = (exports ?? {}) as {
    RedisClientPool?: { prototype?: object };
  };
  const made = new WeakMap<Pool, Made>();
  const pools = new PoolWatch<Pool>(
    host,
    (pool) => made.get(pool)?.name ?? 'node-redis',
    (pool) => ({
      used: pool.totalClients - pool.idleClients,
      idle: pool.idleClients,
      pending: pool.tasksQueueLength,
      max: made.get(pool)?.max ?? CLIENTS_MAX,
      // Older versions make clients without being opened.
      isEnded: pool.isOpen === false && pool.totalClients === 0,
    }),
  );
  const remember = guardedCall('node-redis pool', host.warn, (pool: Pool, args: unknown[]) => {
    const [options, { maximum } = {}] = args as [ClientOptions?, { maximum?: number }?];
    made.set(pool._self, { name: nameOf(options), max: maximum ?? CLIENTS_MAX });
  });
  const waited = guardedCall(
    'node-redis pool',
    host.warn,
    (pool: Pool, call: BegunCall, error: unknown) => pools.waited(pool._self, call, error),
  );
  const begin = guardedCall('node-redis pool', host.warn, (pool: Pool, unit: Unit | undefined) =>
    pools.begin(pool._self, unit),
  );
  replaceMethod(
    RedisClientPool,
    'create',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const pool = original.apply(this, args);
        remember(pool as Pool, args);
        return pool;
      },
  );
  replaceMethod(
    RedisClientPool?.prototype,
    'execute',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const [task] = args;
        if (typeof task !== 'function') return original.apply(this, args);
        const unit = host.work.current();
        let waiting = begin(this as Pool, unit);
        const end = (error: unknown): void => {
          if (waiting !== undefined) waited(this as Pool, waiting, error);
          waiting = undefined;
        };
        const run = function (this: object, ...given: unknown[]): unknown {
          end(undefined);
          return host.work.resume(unit, () => (task as Method).apply(this, given));
        };
        args[0] = dressAs(run as never, task as never);
        return endOf(() => original.apply(this, args), end);
      },
  );
}

function nameOf({ url, socket, database }: ClientOptions = {}): string {
  if (url === undefined) return poolName(socket?.host, socket?.port ?? 6379, database ?? 0);
  try {
    const { hostname, port, pathname } = new URL(url);
    return poolName(hostname, port || '6379', pathname.slice(1) || (database ?? 0));
  } catch {
    return 'node-redis';
  }
}
