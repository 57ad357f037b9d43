/** mongodb: how long it takes to have a connection of the pool to one server, and how many there are. */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { PoolWatch } from './pool-watch.js';

interface Pool {
  readonly options: { readonly maxPoolSize: number };
  /** host:port */
  readonly address: string;
  readonly totalConnectionCount: number;
  readonly availableConnectionCount: number;
  readonly waitQueueSize: number;
  readonly closed?: boolean;
}

/** For mongodb/lib/cmap/connection_pool.js. */
export function patchMongodbPool({ exports }: LoadedModule, host: ProbeHost): void {
  const { ConnectionPool } = (exports ?? {}) as { ConnectionPool?: { prototype?: object } };
  const pools = new PoolWatch<Pool>(
    host,
    ({ address }) => `${address}/`,
    (pool) => ({
      used: pool.totalConnectionCount - pool.availableConnectionCount,
      idle: pool.availableConnectionCount,
      pending: pool.waitQueueSize,
      max: pool.options.maxPoolSize,
      isEnded: pool.closed,
    }),
  );
  pools.timeAcquisition(ConnectionPool?.prototype, 'checkOut', 'mongodb pool');
}
