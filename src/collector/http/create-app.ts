/**
 * The collector's routes. Runs on its main thread. Every route checks the Host header first; reading
 * and writing ask for a token that may. docs/reference/api.md describes the answers.
 */
import { Hono } from 'hono';
import { STALL_EVENT } from '../../shared/stall-event.js';
import type { RunningAdvice } from '../advice/start-advice.js';
import type { RunningAlerts } from '../alerts/start-alerts.js';
import type { Dashboard } from '../dashboard/dashboard.js';
import { createSessionAccess } from '../dashboard/session-access.js';
import { type IngestOptions, ingestBatch } from '../ingest/ingest-batch.js';
import { stallPlaces } from '../query/stalls.js';
import type { RecommendationBook } from '../recommendations/book.js';
import type { SharedEvidence } from '../recommendations/evidence/shared-evidence.js';
import type { Reports } from '../reports/open-reports.js';
import type { Retention } from '../store/data-folder.js';
import { type Store, StoreBusyError } from '../store/store.js';
import { hostCheck } from './access.js';
import { addAdviceRoutes } from './advice-routes.js';
import { addAlertRoutes } from './alert-routes.js';
import { API_ROUTES } from './api-routes.js';
import { addBeaconRoutes, type BeaconRouteOptions } from './beacon-routes.js';
import { addChecklistRoutes } from './checklist-routes.js';
import { addDashboardDataRoutes, addDashboardRoutes } from './dashboard-routes.js';
import { addFindingsRoutes } from './findings-routes.js';
import { addFrontendRoutes } from './frontend-routes.js';
import { HttpError } from './http-error.js';
import { parseEvents, parseMetrics, parseQuery, parseStalls, textOf } from './parse-query.js';
import { addRecommendationRoutes } from './recommendation-routes.js';
import { addReportRoutes } from './report-routes.js';
import { addViewRoutes } from './view-routes.js';

export interface AppOptions {
  readonly store: Store;
  readonly ingest: IngestOptions;
  /** Absent: pages of browsers may send nothing. */
  readonly beacon?: BeaconRouteOptions | undefined;
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly dashboard: Dashboard;
  readonly retention: Retention;
  /** Without them there are no routes of reports. */
  readonly reports?: Reports;
  readonly book: RecommendationBook;
  readonly shared?: SharedEvidence | undefined;
  /** Absent: no database was named to look at. */
  readonly advice?: RunningAdvice | undefined;
  readonly alerts?: RunningAlerts | undefined;
  /** Unix ms. */
  readonly now: () => number;
  /** What only the operator may see: causes of 500. */
  readonly log: (line: string) => void;
}

/** Rows of a listing at most, the most recently seen first. */
const ROWS_MAX = 1000;
/** Events of a question about stalls, the newest: with their stacks some 5 MB, read in 30 ms. */
const STALL_EVENTS_MAX = 5000;

export function createApp(options: AppOptions): Hono {
  const app = new Hono();
  const { dashboard } = options;
  const checkHost = hostCheck(options.host, options.allowedHosts);

  app.use(async (context, next) => {
    checkHost(context.req.header('host'));
    await next();
    // What is named by its content says itself how long it may be kept.
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store');
    context.header('x-content-type-options', 'nosniff');
  });
  app.get('/v1/health', (context) => context.json({ status: 'ok' }));
  app.post('/v1/batches', async (context) => {
    dashboard.access('write', context.req.header('authorization'));
    return context.json(await ingestBatch(context.req.raw, options.ingest));
  });
  if (options.beacon !== undefined) addBeaconRoutes(app, options.beacon);
  addDashboardRoutes(app, dashboard);
  const checkRequest = createSessionAccess(dashboard);
  app.use('/v1/*', async (context, next) => {
    const { method, path } = context.req;
    // What changes nothing here is told that there is nothing, whoever asks: it has the wrong address.
    if (method !== 'GET' && method !== 'HEAD' && !isChange(method, path)) throw notFound();
    checkRequest(context.req.raw);
    await next();
  });
  addReadRoutes(app, options);
  addViewRoutes(app, options);
  if (options.reports !== undefined) addReportRoutes(app, options.reports);
  addDashboardDataRoutes(app, options, dashboard);
  addFrontendRoutes(app, options);
  addRecommendationRoutes(app, options);
  addChecklistRoutes(app, options);
  addAdviceRoutes(app, options);
  addAlertRoutes(app, { alerts: options.alerts, now: options.now });
  addFindingsRoutes(app, options);
  app.notFound(() => notFound().toResponse());
  app.onError((error) => {
    if (error instanceof HttpError) return error.toResponse();
    if (error instanceof StoreBusyError) return busy(error).toResponse();
    options.log(`tachograph collector: ${error.stack ?? error.message}`);
    return new HttpError(
      500,
      'internal',
      'the collector failed; its log has the cause.',
    ).toResponse();
  });
  return app;
}

const CHANGES = API_ROUTES.filter(({ method }) => method !== 'get').map(({ method, path }) => ({
  method: method.toUpperCase(),
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
}));

/** Whether the API has such a route: one that its table lacks is never reached. */
function isChange(method: string, path: string): boolean {
  return CHANGES.some((route) => route.method === method && route.pattern.test(path));
}

function notFound(): HttpError {
  const message = 'expected a path of docs/reference/api.md, such as /v1/services, got another.';
  return new HttpError(404, 'not_found', message);
}

function busy({ message, retryAfterSeconds }: StoreBusyError): HttpError {
  return new HttpError(503, 'store_busy', `${message}. Try again later.`, { retryAfterSeconds });
}

function addReadRoutes(app: Hono, { store, retention, now }: AppOptions): void {
  const parameters = (url: string): URLSearchParams => new URL(url).searchParams;
  app.get('/v1/services', async (context) => context.json({ services: await store.services() }));
  app.get('/v1/instances', async (context) => {
    const service = textOf(parameters(context.req.url), 'service');
    return context.json({ instances: (await store.instances(service)).slice(0, ROWS_MAX) });
  });
  app.get('/v1/metrics', async (context) => {
    const request = parseMetrics(parameters(context.req.url), now());
    return context.json({ metrics: await store.metrics(request) });
  });
  app.get('/v1/query', async (context) => {
    const request = parseQuery(parameters(context.req.url), now(), retention);
    const result = await store.query(request);
    if (result === undefined) {
      throw new HttpError(
        404,
        'no_such_metric',
        'no metric of that name has data in that range; /v1/metrics lists those that have.',
      );
    }
    return context.json(result);
  });
  app.get('/v1/ledger', async (context) => {
    const service = textOf(parameters(context.req.url), 'service');
    return context.json({ processes: (await store.ledger(service)).slice(0, ROWS_MAX) });
  });
  app.get('/v1/events', async (context) => {
    const request = parseEvents(parameters(context.req.url), now());
    return context.json({ events: await store.events(request) });
  });
  app.get('/v1/stalls', async (context) => {
    const { limit, ...range } = parseStalls(parameters(context.req.url), now());
    const asked = { ...range, name: STALL_EVENT, limit: STALL_EVENTS_MAX };
    const events = await store.events(asked);
    const isWhole = events.length < STALL_EVENTS_MAX;
    return context.json({
      fromMs: isWhole ? range.fromMs : events.at(-1)?.timeMs,
      toMs: range.toMs,
      stalls: stallPlaces(events, limit),
    });
  });
}
