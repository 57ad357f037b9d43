/** Evidence of a service in which nothing is wrong, and rows to plant faults with. */
import type { Calls, Evidence } from '../../../src/collector/recommendations/evidence/evidence.js';
import type { Finding } from '../../../src/collector/recommendations/evidence/neighbours.js';
import type { QueryRow } from '../../../src/collector/views/queries.js';
import type { RouteRow } from '../../../src/collector/views/routes.js';

export const HOUR_MS = 3_600_000;

/** An hour of a service without anything in it. */
export function makeEvidence(parts: Partial<Evidence> = {}): Evidence {
  return {
    service: 'shop',
    fromMs: 0,
    toMs: HOUR_MS,
    recordedMs: HOUR_MS,
    requests: 0,
    instances: [],
    libraries: [],
    routes: [],
    responseSizes: [],
    layers: makeLayers(),
    compilations: [],
    queries: [],
    transactions: [],
    connects: [],
    pools: [],
    caches: [],
    modules: [],
    jobs: [],
    messagesSent: [],
    budgets: [],
    rateLimits: [],
    outbound: [],
    clientCalls: [],
    runtime: { gc: [], gcShare: 0, heaps: [], delay: null, utilization: null },
    stalls: [],
    traces: {
      traces: 0,
      repeated: [],
      manyRows: [],
      staticRoutes: [],
      templatesByRoute: new Map(),
    },
    findings: [],
    advice: [],
    adviceMissing: null,
    frontend: null,
    ...parts,
  };
}

export function makeLayers(parts: Partial<Evidence['layers']> = {}): Evidence['layers'] {
  return {
    middleware: [],
    templates: [],
    validations: [],
    authentications: [],
    sessions: [],
    tokens: [],
    staticFiles: [],
    serializations: [],
    errorPages: [],
    ...parts,
  };
}

/** Calls that all took `mean`, unless `rest` says otherwise. */
export function makeCalls(
  names: Calls['names'],
  calls: number,
  mean: number,
  rest: Partial<Calls> = {},
): Calls {
  const total = calls * mean;
  return {
    names,
    calls,
    mean,
    total,
    min: mean,
    max: mean,
    p50: mean,
    p95: mean,
    p99: mean,
    ...rest,
  };
}

/** A route whose requests all took `mean`. */
export function makeRoute(
  method: string,
  route: string,
  calls: number,
  mean: number,
  rest: Partial<RouteRow> = {},
): RouteRow {
  return {
    method,
    route,
    calls,
    rate: calls / 3600,
    p50: mean,
    p95: mean,
    p99: mean,
    max: mean,
    total: calls * mean,
    errorRatio: 0,
    aborted: 0,
    queriesPerRequest: 0,
    queriesMax: null,
    queryTime: 0,
    cacheReadsPerRequest: 0,
    cacheHitRatio: null,
    middlewareTime: 0,
    middlewareP95: null,
    layers: [],
    ...rest,
  };
}

export function makeQuery(
  text: string,
  calls: number,
  mean: number,
  rest: Partial<QueryRow> = {},
): QueryRow {
  return {
    system: 'postgresql',
    text,
    operation: text.split(' ')[0] ?? '',
    collection: 't',
    class: 'simple',
    calls,
    rate: calls / 3600,
    p50: mean,
    p95: mean,
    max: mean,
    total: calls * mean,
    ...rest,
  };
}

export function makeFinding(kind: string, rest: Partial<Finding> = {}): Finding {
  return {
    id: 'f',
    kind,
    service: 'shop',
    method: 'GET',
    route: '/orders',
    operation: '',
    system: 'postgresql',
    query: 'SELECT * FROM lines WHERE order_id = ?',
    parentQuery: 'SELECT * FROM orders',
    requests: 100,
    callsPerRequest: 20,
    total: 40,
    wasted: 38,
    perDay: 912,
    confidence: 'high',
    code: { file: 'src/orders.js', line: 12, function: 'listOrders' },
    orm: null,
    fix: 'Join the lines.',
    blocker: null,
    traceId: null,
    ...rest,
  };
}
