/** pg-pool: how long it takes to have a connection, and how many there are. */
import { DB_CLIENT_CONNECTION_WAIT_TIME } from '../../shared/database-metrics.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { SeriesMap } from '../series-map.js';
import { errorTypeOf, timeMethod } from '../timed-call.js';
import { PoolGauges, poolName } from './pool-gauges.js';

interface Pool {
  readonly options: {
    readonly host?: string;
    readonly port?: number;
    readonly database?: string;
    readonly connectionString?: string;
    readonly max: number;
  };
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** For pg-pool/index.js. */
export function patchPgPool({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  const gauges = new PoolGauges<Pool>(host, nameOf, (pool) => ({
    used: pool.totalCount - pool.idleCount,
    idle: pool.idleCount,
    pending: pool.waitingCount,
    max: pool.options.max,
  }));
  const waits = new SeriesMap(host.recorder, DB_CLIENT_CONNECTION_WAIT_TIME);
  timeMethod(prototype, 'connect', host, {
    name: 'pg-pool',
    takesCallback: true,
    onEnd: ({ self, unit, startMs, error }) => {
      const name = gauges.name(self as Pool);
      const errorType = errorTypeOf(error);
      const series = waits.id(`${name} ${errorType}`, () => [name, errorType]);
      host.work.end(unit, series, startMs);
    },
  });
}

function nameOf({ options }: Pool): string {
  const { connectionString, host, port = 5432, database } = options;
  if (connectionString === undefined) return poolName(host, port, database);
  try {
    const url = new URL(connectionString);
    return poolName(url.hostname, url.port || '5432', decodeURIComponent(url.pathname.slice(1)));
  } catch {
    return 'pg-pool';
  }
}
