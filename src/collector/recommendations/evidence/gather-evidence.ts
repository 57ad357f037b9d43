/**
 * Asks the store for everything that rules and the checklist read of one service. Some hundred queries of bounded
 * answers, each of which runs in the query pool where it is large.
 */
import { OPERATION_DURATION } from '../../../shared/application-metrics.js';
import {
  DB_CLIENT_CONNECTION_CREATE_TIME,
  DB_TRANSACTION_DURATION,
} from '../../../shared/database-metrics.js';
import {
  JOB_DURATION,
  MESSAGING_CLIENT_OPERATION_DURATION,
  MESSAGING_PROCESS_DURATION,
} from '../../../shared/job-metrics.js';
import {
  HTTP_SERVER_CLIENT_CALLS,
  HTTP_SERVER_REQUEST_DURATION,
  HTTP_SERVER_RESPONSE_SIZE,
  PROCESS_UPTIME,
} from '../../../shared/metrics.js';
import { STALL_EVENT } from '../../../shared/stall-event.js';
import { stallPlaces } from '../../query/stalls.js';
import { budgetStates } from '../../views/budget-states.js';
import { jobsOf } from '../../views/jobs.js';
import { librariesOf } from '../../views/libraries.js';
import { operationsOf } from '../../views/operations.js';
import { isOfCache, queriesOf } from '../../views/queries.js';
import { routesOf } from '../../views/routes.js';
import { totalsOf, type ViewRequest, type ViewSource } from '../../views/view-request.js';
import { callsOf } from './calls-of.js';
import type { Evidence } from './evidence.js';
import { cachesOf, poolsOf } from './gather-database.js';
import { compilationsOf, gatherLayers } from './gather-layers.js';
import { outboundOf, rateLimitsOf } from './gather-outbound.js';
import { RECORDED_MS_MIN, runtimeOf } from './gather-runtime.js';
import { neighboursOf } from './neighbours.js';
import { tracePatterns } from './trace-patterns.js';

const ROUTE = ['http.request.method', 'http.route'] as const;
const ROWS_MAX = 500;
const STALL_EVENTS_MAX = 5000;
/** Any of them tells when the service was recorded. */
const PRESENT = [
  HTTP_SERVER_REQUEST_DURATION,
  PROCESS_UPTIME,
  OPERATION_DURATION,
  MESSAGING_PROCESS_DURATION,
  JOB_DURATION,
] as const;

/** Undefined when nothing was recorded of the service in the range. */
export async function gatherEvidence(
  source: ViewSource,
  service: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<Evidence | undefined> {
  const request: ViewRequest = { service, fromMs, toMs, limit: ROWS_MAX };
  const recordedMs = await recordedIn(source, request);
  if (recordedMs === undefined) return undefined;
  // One after the other: the store refuses work when too many queries wait.
  const application = await applicationOf(source, request);
  const data = await dataOf(source, request);
  const work = await workOf(source, request, recordedMs);
  const neighbours = await neighboursOf(source, request);
  const requests = application.routes.reduce((sum, { calls }) => sum + calls, 0);
  return {
    service,
    fromMs,
    toMs,
    recordedMs,
    requests,
    ...application,
    ...data,
    ...work,
    ...neighbours,
  };
}

async function recordedIn(source: ViewSource, request: ViewRequest): Promise<number | undefined> {
  for (const { name } of PRESENT) {
    const result = await totalsOf(source, request, { metric: name, group: [], limit: 1 });
    if (!result || result.recordedFromMs === null || result.groups.length === 0) continue;
    return Math.max(RECORDED_MS_MIN, (result.recordedToMs as number) - result.recordedFromMs);
  }
  return undefined;
}

async function applicationOf(source: ViewSource, request: ViewRequest) {
  const [routes, responseSizes, layers, compilations, rateLimits, clientCalls, outbound] =
    await Promise.all([
      routesOf(source, request),
      callsOf(source, request, HTTP_SERVER_RESPONSE_SIZE, [...ROUTE, 'http.response.status_class']),
      gatherLayers(source, request),
      compilationsOf(source, request),
      rateLimitsOf(source, request),
      callsOf(source, request, HTTP_SERVER_CLIENT_CALLS, ROUTE),
      outboundOf(source, request),
    ]);
  return {
    routes: routes.routes,
    responseSizes,
    layers,
    compilations,
    rateLimits,
    clientCalls,
    outbound,
  };
}

async function dataOf(source: ViewSource, request: ViewRequest) {
  const [all, transactions, connects, pools, caches] = await Promise.all([
    queriesOf(source, request, 0),
    callsOf(source, request, DB_TRANSACTION_DURATION, [
      'db.system.name',
      'tachograph.db.transaction.outcome',
    ]),
    callsOf(source, request, DB_CLIENT_CONNECTION_CREATE_TIME, ['db.system.name']),
    poolsOf(source, request),
    cachesOf(source, request),
  ]);
  const queries = all.filter(({ system }) => !isOfCache(system));
  return { queries, transactions, connects, pools, caches };
}

async function workOf(source: ViewSource, request: ViewRequest, recordedMs: number) {
  const instances = await source.store.instances(request.service, request.fromMs);
  const [modules, jobs, messagesSent, budgets, runtime, traces] = await Promise.all([
    operationsOf(source, request),
    jobsOf(source, request),
    callsOf(source, request, MESSAGING_CLIENT_OPERATION_DURATION, [
      'messaging.system',
      'messaging.destination.name',
    ]),
    budgetStates(source, request),
    runtimeOf(source, request, recordedMs, instances),
    tracePatterns(source, request),
  ]);
  const events = await source.store.events({
    ...request,
    name: STALL_EVENT,
    limit: STALL_EVENTS_MAX,
  });
  const { libraries } = await librariesOf(source, request);
  return {
    modules,
    jobs,
    messagesSent,
    budgets,
    runtime,
    traces,
    stalls: stallPlaces(events, ROWS_MAX),
    instances: instances.filter(
      ({ firstSeenMs, lastSeenMs }) => firstSeenMs < request.toMs && lastSeenMs >= request.fromMs,
    ),
    libraries,
  };
}
