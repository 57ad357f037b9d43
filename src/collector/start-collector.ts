/**
 * The collector as a running server, put together: store, ingest, alerts, beacon, recommendations, routes, and
 * limits against clients that are slow on purpose. What is opened here is closed in the reverse order.
 * `tachograph collector` and the tests start it here.
 */
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { AlertSettings } from '../alerts/alert-settings.js';
import { createQueryPool, type QueryPool, queryThreadsDefault } from '../workers/query-pool.js';
import { type AdviceOptions, type RunningAdvice, startAdvice } from './advice/start-advice.js';
import { type RunningAlerts, type StartAlertsOptions, startAlerts } from './alerts/start-alerts.js';
import { type BeaconOptions, openBeacon } from './beacon/open-beacon.js';
import { Closing } from './closing.js';
import { loginUrlOf, openDashboard } from './dashboard/dashboard.js';
import { answerUnparsed } from './http/answer-unparsed.js';
import { createApp } from './http/create-app.js';
import { listen, stopListening, urlOf } from './http/listening.js';
import {
  limitConnections,
  SERVER_LIMITS,
  type ServerLimits,
  serverOptionsOf,
} from './http/server-limits.js';
import { createByteBudget, IN_FLIGHT_BYTES_MAX } from './ingest/byte-budget.js';
import { createGroupCommit } from './ingest/group-commit.js';
import { createRateLimit } from './ingest/rate-limit.js';
import { startMaintenance } from './maintenance.js';
import { openRecommendationBook } from './recommendations/book.js';
import { SharedEvidence } from './recommendations/evidence/shared-evidence.js';
import { watchRecommendations } from './recommendations/watch.js';
import { openReports, type ReportOptions } from './reports/open-reports.js';
import { ownEvidence } from './reports/own-evidence.js';
import { RETENTION_DEFAULT, type Retention } from './store/data-folder.js';
import { EmbeddedStore } from './store/embedded-store.js';
import { CARDINALITY_DEFAULT, type CardinalityLimits } from './store/file-index.js';
import { loadSqlDriver, type OpenSql } from './store/sql-driver.js';
import type { Store } from './store/store.js';
import { runOnPools } from './store/task-pool.js';
import { openAccess } from './tokens/open-access.js';

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
  /** Without them nothing is judged. */
  readonly alerts?: AlertSettings | undefined;
  /** Between looks at the rules. */
  readonly alertsEveryMs?: number;
  /** Samples of one look at the rules, and of one replay. */
  readonly alertSamplesMax?: number;
  readonly maintenanceMs?: number;
  /** The database that is looked at for advice; none by default. It holds a password. */
  readonly adviseDsn?: string | undefined;
  readonly adviseTimes?: Pick<AdviceOptions, 'everyMs' | 'firstMs' | 'locksEveryMs' | 'clock'>;
  /** Days and weeks, and when reports are made and mailed. */
  readonly reports?: ReportOptions;
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
  readonly alerts: RunningAlerts | undefined;
  /** Stops taking requests, finishes those begun, and closes the store. */
  close(): Promise<void>;
}

const MAINTENANCE_MS = 60_000;

const TASK_MODULE = new URL('./store/query-task.js', import.meta.url);

/**
 * @throws {Error} when it would listen beyond this machine without a token, cannot listen, or another
 * collector uses the folder.
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const closing = new Closing();
  try {
    return await openParts(options, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function openParts(options: CollectorOptions, closing: Closing): Promise<Collector> {
  const { folder, host = HOST_DEFAULT, port = PORT_DEFAULT, now = Date.now } = options;
  const { monotonicMs = () => performance.now(), retention = RETENTION_DEFAULT } = options;
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const tokens = openAccess(host, options, log);
  const dashboard = openDashboard({ ...tokens, folder: options.dashboardFolder, now });
  const openSql = options.openSql ?? (await loadSqlDriver());
  const store = openStore(options, { openSql, now, retention, log }, closing);
  const commit = createGroupCommit(store);
  const seen = { store, retention, now };
  const advice = openAdvice(options, { ...seen, folder, log }, closing);
  const source = { ...seen, advice };
  const alerts = openAlerts(options, { ...source, folder, openSql, log }, closing);
  const serverLimits = { ...SERVER_LIMITS, ...options.serverLimits };
  const { isExempt } = serverLimits;
  const beacon = openBeacon(options.beacon ?? {}, {
    store,
    commit,
    now,
    monotonicMs,
    isExempt,
    log,
  });
  closing.add(beacon, (open) => open?.close());
  const book = openRecommendationBook(folder, log);
  closing.add(watchRecommendations(source, book, log), (stop) => stop());

  const reports = openReports(
    source,
    { folder, log },
    {
      ...options.reports,
      evidence: { ...ownEvidence(source, book), ...options.reports?.evidence },
    },
  );
  closing.add(reports.schedule, (schedule) => schedule?.close());

  const app = createApp({
    ...source,
    reports,
    ingest: {
      store,
      commit,
      rateLimit: createRateLimit(monotonicMs),
      budget: createByteBudget(options.inFlightBytesMax ?? IN_FLIGHT_BYTES_MAX),
      now,
      onStored: dashboard.live.publish,
    },
    host,
    allowedHosts: options.allowedHosts ?? [],
    dashboard,
    alerts,
    beacon: beacon?.routes,
    book,
    shared: new SharedEvidence(),
    log,
  });
  const server = openServer(app.fetch, serverLimits, log);
  await listen(server, port, host);
  closing.add(server, stopListening);
  // Whoever listens to the stream would be waited for.
  closing.add(dashboard.live, (live) => live.close());
  const { maintenanceMs = MAINTENANCE_MS } = options;
  closing.add(startMaintenance(store, maintenanceMs, log), (stop) => stop());
  const url = urlOf(server);
  const loginUrl = loginUrlOf(url, dashboard);
  return { url, loginUrl, store, alerts, close: () => closing.close() };
}

function openServer(
  fetch: ReturnType<typeof createApp>['fetch'],
  limits: ServerLimits,
  log: (line: string) => void,
): Server {
  const server = createAdaptorServer({ fetch, serverOptions: serverOptionsOf(limits) }) as Server;
  limitConnections(server, limits, log);
  answerUnparsed(server);
  return server;
}

function openAdvice(
  { adviseDsn: dsn, adviseTimes }: CollectorOptions,
  parts: Omit<AdviceOptions, 'dsn'>,
  closing: Closing,
): RunningAdvice | undefined {
  if (dsn === undefined) return undefined;
  return closing.add(startAdvice({ ...parts, dsn, ...adviseTimes }), (running) => running.close());
}

/** Undefined without settings. */
function openAlerts(
  { alerts: settings, alertsEveryMs: everyMs, alertSamplesMax: samplesMax }: CollectorOptions,
  parts: Omit<StartAlertsOptions, 'settings' | 'everyMs' | 'samplesMax'>,
  closing: Closing,
): RunningAlerts | undefined {
  if (settings === undefined) return undefined;
  const running = startAlerts({ ...parts, settings, everyMs, samplesMax });
  return closing.add(running, (one) => one.close());
}

interface StoreParts {
  readonly openSql: OpenSql;
  readonly now: () => number;
  readonly retention: Retention;
  readonly log: (line: string) => void;
}

/** With pools of threads for its heavy work, unless that is to run here. */
function openStore(
  { folder, limits = CARDINALITY_DEFAULT, queryThreads = queryThreadsDefault() }: CollectorOptions,
  { openSql, now, retention, log }: StoreParts,
  closing: Closing,
): Store {
  const open = (threads: number, threadsKept: number): QueryPool =>
    closing.add(createQueryPool(TASK_MODULE, threads, log, threadsKept), (pool) => pool.close());
  // Half of them; with one for queries, comparisons have one of their own.
  const comparing = Math.max(1, Math.floor(queryThreads / 2));
  const runElsewhere =
    queryThreads === 0
      ? undefined
      : runOnPools(open(Math.max(1, queryThreads - comparing), 1), open(comparing, 0));
  return closing.add(
    new EmbeddedStore({ folder, openSql, now, retention, limits, runElsewhere }),
    (open) => open.close(),
  );
}
