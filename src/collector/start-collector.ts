/**
 * The collector as a running server: store, routes, maintenance timer, and limits against clients that
 * are slow on purpose. `tachograph collector` and the tests start it here.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { isLoopback } from '../shared/host-name.js';
import { createQueryPool, type QueryPool, queryThreadsDefault } from '../workers/query-pool.js';
import { type Beacon, type BeaconOptions, openBeacon } from './beacon/open-beacon.js';
import { loginUrlOf, openDashboard } from './dashboard/dashboard.js';
import { answerUnparsed } from './http/answer-unparsed.js';
import { createApp } from './http/create-app.js';
import {
  limitConnections,
  SERVER_LIMITS,
  type ServerLimits,
  serverOptionsOf,
} from './http/server-limits.js';
import { type AccessOptions, createAccess } from './http/token-access.js';
import { createByteBudget, IN_FLIGHT_BYTES_MAX } from './ingest/byte-budget.js';
import { createGroupCommit } from './ingest/group-commit.js';
import { createRateLimit } from './ingest/rate-limit.js';
import { openRecommendationBook } from './recommendations/book.js';
import { watchRecommendations } from './recommendations/watch.js';
import { RETENTION_DEFAULT, type Retention } from './store/data-folder.js';
import { EmbeddedStore } from './store/embedded-store.js';
import { CARDINALITY_DEFAULT, type CardinalityLimits } from './store/file-index.js';
import { loadSqlDriver, type OpenSql } from './store/sql-driver.js';
import type { Store } from './store/store.js';
import { runOnPool } from './store/task-pool.js';
import { type Grant, openTokenBook, type TokenBook } from './tokens/token-book.js';
import { digestOf } from './tokens/token-file.js';

export const PORT_DEFAULT = 4600;
export const HOST_DEFAULT = '127.0.0.1';

export interface CollectorOptions {
  readonly folder: string;
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Sends batches; it or one made in the folder is required unless `host` is a loopback address. */
  readonly token?: string | undefined;
  /** Reads. */
  readonly readToken?: string | undefined;
  /** Names this collector has besides its own. */
  readonly allowedHosts?: readonly string[];
  readonly retention?: Retention;
  readonly limits?: CardinalityLimits;
  /** Threads for heavy queries and rollups; 0 runs them on the main thread. */
  readonly queryThreads?: number;
  /** Memory of all batches that are being received. */
  readonly inFlightBytesMax?: number;
  readonly serverLimits?: Partial<ServerLimits>;
  /** Pages of browsers that may send; none by default. */
  readonly beacon?: BeaconOptions;
  readonly maintenanceMs?: number;
  /** Where the built dashboard is; beside this file by default. */
  readonly dashboardFolder?: string;
  /** Unix ms. */
  readonly now?: () => number;
  /** Ms that only go forward. */
  readonly monotonicMs?: () => number;
  readonly openSql?: OpenSql;
  readonly log?: (line: string) => void;
}

export interface Collector {
  readonly url: string;
  /** Signs in to the dashboard once; undefined where everybody may read. */
  readonly loginUrl: string | undefined;
  readonly store: Store;
  /** Stops taking requests, finishes those begun, and closes the store. */
  close(): Promise<void>;
}

const MAINTENANCE_MS = 60_000;
/** How long `close` waits for requests that were begun. */
const CLOSE_MS = 5000;

const TASK_MODULE = new URL('./store/query-task.js', import.meta.url);

/**
 * @throws {Error} when it would listen beyond this machine without a token, cannot listen, or another
 * collector uses the folder.
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { host = HOST_DEFAULT, port = PORT_DEFAULT, now = Date.now } = options;
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const tokens = openTokens(host, options, log);
  const access = createAccess({ host, book: tokens, isSet: isSetIn(options) });
  const dashboard = openDashboard({ access, book: tokens, folder: options.dashboardFolder, now });
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
  const { monotonicMs = () => performance.now() } = options;
  const serverLimits = { ...SERVER_LIMITS, ...options.serverLimits };
  const { isExempt } = serverLimits;
  const commit = createGroupCommit(store);
  const beaconHost = { store, commit, now, monotonicMs, isExempt, log };
  const beacon = openBeacon(options.beacon ?? {}, beaconHost);
  const book = openRecommendationBook(options.folder, log);
  const app = createApp({
    store,
    book,
    ingest: {
      store,
      commit,
      rateLimit: createRateLimit(monotonicMs),
      budget: createByteBudget(options.inFlightBytesMax ?? IN_FLIGHT_BYTES_MAX),
      now,
      onStored: dashboard.live.publish,
    },
    beacon: beacon?.routes,
    host,
    allowedHosts: options.allowedHosts ?? [],
    dashboard,
    retention,
    now,
    log,
  });
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: serverOptionsOf(serverLimits),
  }) as Server;
  limitConnections(server, serverLimits, log);
  answerUnparsed(server);
  try {
    await listen(server, port, host);
  } catch (error) {
    await beacon?.close();
    await pool?.close();
    await store.close();
    throw error;
  }
  const timer = startMaintenance(store, options.maintenanceMs ?? MAINTENANCE_MS, log);
  const stopWatch = watchRecommendations({ store, retention, now }, book, log);
  const url = urlOf(server);
  const close = async (): Promise<void> => {
    dashboard.live.close();
    await stopWatch();
    await closeAll(server, timer, beacon, store, pool);
  };
  return { url, loginUrl: loginUrlOf(url, dashboard), store, close };
}

/** @throws {Error} when it would listen beyond this machine without a token for sending. */
function openTokens(
  host: string,
  { folder, token, readToken }: CollectorOptions,
  log: (line: string) => void,
): TokenBook {
  const grants: Grant[] = [];
  if (token !== undefined) grants.push({ role: 'write', digest: digestOf(token) });
  if (readToken !== undefined) grants.push({ role: 'read', digest: digestOf(readToken) });
  const book = openTokenBook(folder, grants, log);
  if (!isLoopback(host) && !book.look().grants('write')) {
    throw new Error(
      `expected a token because ${host} can be reached from other machines, got none. ` +
        'Make one with "tachograph token create --role write", set TACHOGRAPH_COLLECTOR_TOKEN or ' +
        '--token-file, or listen on 127.0.0.1.',
    );
  }
  return book;
}

function isSetIn({ token, readToken }: CollectorOptions): AccessOptions['isSet'] {
  return { write: token !== undefined, read: readToken !== undefined };
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
  beacon: Beacon | undefined,
  store: Store,
  pool: QueryPool | undefined,
): Promise<void> {
  clearInterval(timer);
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await closed;
  clearTimeout(force);
  await beacon?.close();
  await store.close();
  await pool?.close();
}
