/**
 * The collector as a running server: store, routes, maintenance timer, and limits against clients that
 * are slow on purpose. `tachograph collector` and the tests start it here.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createQueryPool, type QueryPool, queryThreadsDefault } from '../workers/query-pool.js';
import { isLoopback } from './http/access.js';
import { answerUnparsed } from './http/answer-unparsed.js';
import { createApp } from './http/create-app.js';
import { createByteBudget, IN_FLIGHT_BYTES_MAX } from './ingest/byte-budget.js';
import { createGroupCommit } from './ingest/group-commit.js';
import { createRateLimit } from './ingest/rate-limit.js';
import { RETENTION_DEFAULT, type Retention } from './store/data-folder.js';
import { EmbeddedStore } from './store/embedded-store.js';
import { CARDINALITY_DEFAULT, type CardinalityLimits } from './store/file-index.js';
import { loadSqlDriver, type OpenSql } from './store/sql-driver.js';
import type { Store } from './store/store.js';
import { runOnPool } from './store/task-pool.js';

export const PORT_DEFAULT = 4600;
export const HOST_DEFAULT = '127.0.0.1';

export interface CollectorOptions {
  readonly folder: string;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Needed to send batches; required unless `host` is a loopback address. */
  readonly token?: string | undefined;
  /** Needed to read. */
  readonly readToken?: string | undefined;
  /** Names this collector has besides its own. */
  readonly allowedHosts?: readonly string[];
  readonly retention?: Retention;
  readonly limits?: CardinalityLimits;
  /** Threads for heavy queries and rollups; 0 runs them on the main thread. */
  readonly queryThreads?: number;
  /** Memory of all batches that are being received. */
  readonly inFlightBytesMax?: number;
  readonly maintenanceMs?: number;
  /** Unix ms. */
  readonly now?: () => number;
  readonly openSql?: OpenSql;
  readonly log?: (line: string) => void;
}

export interface Collector {
  readonly url: string;
  readonly store: Store;
  /** Stops taking requests, finishes those begun, and closes the store. */
  close(): Promise<void>;
}

const MAINTENANCE_MS = 60_000;
/** A head of a few hundred bytes and a body of 1 MiB at most. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Above the agents' window of 10 s, so that they keep their connection. */
const KEEP_ALIVE_MS = 75_000;
const CONNECTIONS_MAX = 2000;
/** How long `close` waits for requests that were begun. */
const CLOSE_MS = 5000;

const TASK_MODULE = new URL('./store/query-task.js', import.meta.url);

/**
 * @throws {Error} when it would listen beyond this machine without a token, cannot listen, or another
 * collector uses the folder.
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { host = HOST_DEFAULT, port = PORT_DEFAULT, now = Date.now } = options;
  if (!isLoopback(host) && options.token === undefined) {
    throw new Error(
      `expected a token because ${host} can be reached from other machines, got none. ` +
        'Set TACHOGRAPH_COLLECTOR_TOKEN or --token-file, or listen on 127.0.0.1.',
    );
  }
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const { queryThreads = queryThreadsDefault() } = options;
  const pool = queryThreads === 0 ? undefined : createQueryPool(TASK_MODULE, queryThreads, log);
  const retention = options.retention ?? RETENTION_DEFAULT;
  const openSql = options.openSql ?? (await loadSqlDriver());
  let store: Store;
  try {
    store = new EmbeddedStore({
      folder: options.folder,
      openSql,
      now,
      retention,
      limits: options.limits ?? CARDINALITY_DEFAULT,
      runElsewhere: pool && runOnPool(pool),
    });
  } catch (error) {
    await pool?.close();
    throw error;
  }
  const app = createApp({
    store,
    ingest: {
      store,
      commit: createGroupCommit(store),
      rateLimit: createRateLimit(() => performance.now()),
      budget: createByteBudget(options.inFlightBytesMax ?? IN_FLIGHT_BYTES_MAX),
      now,
    },
    host,
    allowedHosts: options.allowedHosts ?? [],
    token: options.token,
    readToken: options.readToken,
    retention,
    now,
    log,
  });
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: limitsOfServer(),
  }) as Server;
  server.maxConnections = CONNECTIONS_MAX;
  answerUnparsed(server);
  try {
    await listen(server, port, host);
  } catch (error) {
    await pool?.close();
    await store.close();
    throw error;
  }
  const timer = startMaintenance(store, options.maintenanceMs ?? MAINTENANCE_MS, log);
  return { url: urlOf(server), store, close: () => closeAll(server, timer, store, pool) };
}

function limitsOfServer(): Record<string, number> {
  return {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: 2000,
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function startMaintenance(
  store: Store,
  everyMs: number,
  log: (line: string) => void,
): NodeJS.Timeout {
  // A full disk says the same each time: each trouble is said once until a pass succeeds.
  let said: string | undefined;
  return setInterval(async () => {
    try {
      await store.maintain();
      said = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (message !== said)
        log(`tachograph collector: maintenance will be tried again: ${message}`);
      said = message;
    }
  }, everyMs);
}

async function closeAll(
  server: Server,
  timer: NodeJS.Timeout,
  store: Store,
  pool: QueryPool | undefined,
): Promise<void> {
  clearInterval(timer);
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await closed;
  clearTimeout(force);
  await store.close();
  await pool?.close();
}
