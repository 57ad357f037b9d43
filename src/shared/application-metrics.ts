/**
 * Metrics of the application's own layers and of what one request or job did; see metrics.ts. There
 * are no conventions for most of them.
 */
import { COUNT, createFamily, type Metric, SECONDS } from './metric.js';

const { metrics, histogram, counter, gauge } = createFamily();

export const APPLICATION_METRICS: readonly Metric[] = metrics;

const LIBRARY = 'tachograph.library';
const ROUTE = ['http.request.method', 'http.route'] as const;

// Of one request; requests that did none of it are not counted
export const HTTP_SERVER_QUERIES: Metric = histogram(
  'tachograph.http.server.queries',
  COUNT,
  'Database queries made by one request.',
  ROUTE,
);
export const HTTP_SERVER_QUERY_TIME: Metric = histogram(
  'tachograph.http.server.query_time',
  SECONDS,
  'Time of one request during which at least one of its queries ran.',
  ROUTE,
);
export const HTTP_SERVER_MIDDLEWARE_TIME: Metric = histogram(
  'tachograph.http.server.middleware_time',
  SECONDS,
  'Sum of one request’s middleware, its handler excluded.',
  ROUTE,
);
// No histogram: the share that is found is what is asked for, and a trace has the reads of its request
export const HTTP_SERVER_CACHE_READS: Metric = counter(
  'tachograph.http.server.cache_reads',
  COUNT,
  'Reads of caches made by requests, by result (hit, miss).',
  [...ROUTE, 'tachograph.cache.result'],
);
export const HTTP_SERVER_LAYER_TIME: Metric = histogram(
  'tachograph.http.server.layer_time',
  SECONDS,
  'Sum of one request’s calls of one kind of layer (template, validation, session …), with what ran within them.',
  [...ROUTE, 'tachograph.layer'],
);

// Layers, one call each
export const MIDDLEWARE_DURATION: Metric = histogram(
  'tachograph.middleware.duration',
  SECONDS,
  'One middleware or hook, until it passes the request on.',
  [LIBRARY, 'code.function.name'],
);
export const TEMPLATE_RENDER_DURATION: Metric = histogram(
  'tachograph.template.render.duration',
  SECONDS,
  'One rendering of a template.',
  [LIBRARY, 'tachograph.template.name', 'error.type'],
);
export const TEMPLATE_COMPILATIONS: Metric = counter(
  'tachograph.template.compilations',
  COUNT,
  'Templates of ejs and pug made from their source; one that the engine has kept is not made again.',
  [LIBRARY, 'tachograph.template.name'],
);
export const VALIDATION_DURATION: Metric = histogram(
  'tachograph.validation.duration',
  SECONDS,
  'One validation of input against a schema.',
  [LIBRARY, 'error.type'],
);
export const AUTHENTICATION_DURATION: Metric = histogram(
  'tachograph.authentication.duration',
  SECONDS,
  'One attempt to tell who is asking.',
  [LIBRARY, 'tachograph.authentication.strategy', 'error.type'],
);
export const SESSION_DURATION: Metric = histogram(
  'tachograph.session.duration',
  SECONDS,
  'One operation on a session (load, save, touch, destroy).',
  [LIBRARY, 'tachograph.session.operation', 'error.type'],
);
export const JWT_DURATION: Metric = histogram(
  'tachograph.jwt.duration',
  SECONDS,
  'One token signed or verified.',
  [LIBRARY, 'tachograph.jwt.operation', 'error.type'],
);
export const STATIC_FILE_DURATION: Metric = histogram(
  'tachograph.static_file.duration',
  SECONDS,
  'One request that was answered with a static file.',
  [LIBRARY],
);
export const SERIALIZATION_DURATION: Metric = histogram(
  'tachograph.serialization.duration',
  SECONDS,
  'One response body made into text.',
  [LIBRARY],
);
export const ERROR_PAGE_DURATION: Metric = histogram(
  'tachograph.error_page.duration',
  SECONDS,
  'One response of 404 or 5xx, from the first byte of the request on.',
  ['http.response.status_code'],
);
export const RATE_LIMIT_DECISIONS: Metric = counter(
  'tachograph.rate_limit.decisions',
  COUNT,
  'Decisions of a rate limiter (allowed, refused).',
  [LIBRARY, 'tachograph.rate_limit.decision'],
);
export const RATE_LIMIT_REMAINING: Metric = gauge(
  'tachograph.rate_limit.remaining',
  COUNT,
  'Allowance that was left when a limiter decided.',
  [LIBRARY],
);
export const GRAPHQL_OPERATION_DURATION: Metric = histogram(
  'tachograph.graphql.operation.duration',
  SECONDS,
  'One GraphQL operation executed.',
  ['graphql.operation.type', 'graphql.operation.name', 'error.type'],
);
export const OPERATION_DURATION: Metric = histogram(
  'tachograph.operation.duration',
  SECONDS,
  'One business operation; scripts and commands are operations too.',
  ['tachograph.operation.name', 'tachograph.module', 'error.type'],
);
export const OPERATION_QUERIES: Metric = histogram(
  'tachograph.operation.queries',
  COUNT,
  'Database queries made by one operation that is no request; operations without one are not counted.',
  ['tachograph.operation.name', 'tachograph.module'],
);

// Of the runtime's User Timing
export const USER_TIMING_DURATION: Metric = histogram(
  'tachograph.user_timing.duration',
  SECONDS,
  'One `performance.measure`.',
  ['tachograph.user_timing.name'],
);
export const USER_TIMING_MARKS: Metric = counter(
  'tachograph.user_timing.marks',
  COUNT,
  'Calls of `performance.mark`.',
  ['tachograph.user_timing.name'],
);
