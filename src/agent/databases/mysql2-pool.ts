/** mysql2: how long it takes to have a connection of a pool, and how many there are. */
import { DB_CLIENT_CONNECTION_WAIT_TIME } from '../../shared/database-metrics.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { SeriesMap } from '../series-map.js';
import { errorTypeOf, timeMethod } from '../timed-call.js';
import { PoolGauges, poolName } from './pool-gauges.js';

interface Queue {
  readonly length: number;
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
}

/** For mysql2/lib/base/pool.js. */
export function patchMysql2Pool({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  const gauges = new PoolGauges<Pool>(
    host,
    ({ config: { connectionConfig } }) =>
      poolName(connectionConfig.host, connectionConfig.port, connectionConfig.database),
    (pool) => ({
      used: pool._allConnections.length - pool._freeConnections.length,
      idle: pool._freeConnections.length,
      pending: pool._connectionQueue.length,
      max: pool.config.connectionLimit,
    }),
  );
  const waits = new SeriesMap(host.recorder, DB_CLIENT_CONNECTION_WAIT_TIME);
  timeMethod(prototype, 'getConnection', host, {
    name: 'mysql2 pool',
    takesCallback: true,
    onEnd: ({ self, unit, startMs, error }) => {
      const name = gauges.name(self as Pool);
      const errorType = errorTypeOf(error);
      const series = waits.id(`${name} ${errorType}`, () => [name, errorType]);
      host.work.end(unit, series, startMs);
    },
  });
}
