/** mariadb (the connector): how long it takes to have a connection of a pool, and how many there are. */
import type { ProbeHost } from '../probe.js';
import { PoolWatch, poolName } from './pool-watch.js';

interface Pool {
  readonly opts: {
    readonly connectionLimit: number;
    readonly connOptions?: {
      readonly host?: string;
      readonly port?: number;
      readonly database?: string;
    };
  };
  activeConnections(): number;
  idleConnections(): number;
  taskQueueSize(): number;
}

/** `prototype` is that of the connector's own pools. */
export function watchMariadbPool(prototype: object | undefined, host: ProbeHost): void {
  const pools = new PoolWatch<Pool>(
    host,
    ({ opts: { connOptions } }) =>
      poolName(connOptions?.host, connOptions?.port, connOptions?.database),
    (pool) => ({
      used: pool.activeConnections(),
      idle: pool.idleConnections(),
      pending: pool.taskQueueSize(),
      max: pool.opts.connectionLimit,
    }),
  );
  pools.timeAcquisition(prototype, 'getConnection', 'mariadb pool');
}
