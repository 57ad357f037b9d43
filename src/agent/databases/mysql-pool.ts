/** mysql2 and mysql: how long it takes to have a connection of a pool, and how many there are. */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { watchAsked } from './asked-pool.js';
import { PoolWatch, poolName } from './pool-watch.js';

/** A list of mysql, a queue of mysql2. */
interface Queue {
  readonly length: number;
  toArray?(): readonly object[];
}

interface Pool {
  readonly config: {
    readonly connectionLimit: number;
    readonly connectionConfig: {
      readonly host?: string;
      readonly port?: number;
      readonly database?: string;
    };
  };
  readonly _allConnections: Queue;
  readonly _freeConnections: Queue;
  readonly _connectionQueue: Queue;
  /** Ended: mysql2 leaves its lists as they were. */
  readonly _closed?: boolean;
}

/** For mysql2/lib/base/pool.js and mysql/lib/Pool.js, which have the same names. */
export function patchMysqlPool({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  const pools = new PoolWatch<Pool>(
    host,
    ({ config: { connectionConfig } }) =>
      poolName(connectionConfig.host, connectionConfig.port, connectionConfig.database),
    (pool) => ({
      used: pool._allConnections.length - pool._freeConnections.length,
      idle: pool._freeConnections.length,
      pending: pool._connectionQueue.length,
      max: pool.config.connectionLimit,
      isEnded: pool._closed,
    }),
    ({ _allConnections, _freeConnections }) => ({
      all: listOf(_allConnections),
      idle: new Set(listOf(_freeConnections)),
    }),
  );
  const takesForQuery = watchAsked(prototype, ['query', 'execute'], host, 'mysql', 'sql');
  pools.timeAcquisition(prototype, 'getConnection', 'mysql pool', takesForQuery);
}

function listOf(queue: Queue | undefined): readonly object[] {
  const list: unknown = queue?.toArray?.() ?? queue;
  return Array.isArray(list) ? list : [];
}
