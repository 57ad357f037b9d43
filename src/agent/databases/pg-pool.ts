/** pg-pool: how long it takes to have a connection, and how many there are. */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { watchAsked } from './asked-pool.js';
import { PoolWatch, poolName } from './pool-watch.js';

interface Pool {
  readonly options: {
    readonly host?: string;
    readonly port?: number;
    readonly database?: string;
    readonly connectionString?: string;
    readonly max: number;
  };
  readonly _clients?: readonly object[];
  readonly _idle?: readonly { readonly client: object }[];
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly ended?: boolean;
}

/** For pg-pool/index.js. */
export function patchPgPool({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  const pools = new PoolWatch<Pool>(
    host,
    nameOf,
    (pool) => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      pending: pool.waitingCount,
      max: pool.options.max,
      isEnded: pool.ended,
    }),
    ({ _clients = [], _idle = [] }) => ({
      all: _clients,
      idle: new Set(_idle.map(({ client }) => client)),
    }),
  );
  const takesForQuery = watchAsked(prototype, ['query'], host, 'postgresql', 'text');
  pools.timeAcquisition(prototype, 'connect', 'pg-pool', takesForQuery);
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
