/** Budgets of the application's layers and of its API; see budget.ts. */
import {
  AUTHENTICATION_DURATION,
  ERROR_PAGE_DURATION,
  HTTP_SERVER_MIDDLEWARE_TIME,
  HTTP_SERVER_QUERIES,
  JWT_DURATION,
  OPERATION_DURATION,
  RATE_LIMIT_DECISIONS,
  SERIALIZATION_DURATION,
  SESSION_DURATION,
  STATIC_FILE_DURATION,
  TEMPLATE_RENDER_DURATION,
  VALIDATION_DURATION,
} from './application-metrics.js';
import { type Budget, budgetsOf, from } from './budget.js';
import { HTTP_SERVER_REQUEST_DURATION } from './metrics.js';
import { MODULE_LIMITS_MS } from './operation-limits.js';

const application = budgetsOf('application');
const api = budgetsOf('api');

const ROUTE = ['http.request.method', 'http.route'] as const;
const LIBRARY = ['tachograph.library'] as const;
const ANY = { statistic: 'max' } as const;

/** One request over TACHOGRAPH_SLOW_RESPONSE. */
export const SLOW_RESPONSE = 'slow_response';
/** One request with more queries than TACHOGRAPH_EXCESSIVE_QUERIES. */
export const EXCESSIVE_QUERIES = 'excessive_queries';

export const APPLICATION_BUDGETS: readonly Budget[] = [
  application(
    'view_response_time',
    400,
    'Requests to one route, those of the administration excluded.',
    from(HTTP_SERVER_REQUEST_DURATION, ROUTE, { routes: 'views' }),
  ),
  application(
    'template_rendering',
    50,
    'One rendering of a template.',
    from(TEMPLATE_RENDER_DURATION, ['tachograph.template.name']),
  ),
  application(
    'form_validation',
    100,
    'One validation of input against a schema.',
    from(VALIDATION_DURATION, LIBRARY),
  ),
  application(
    'middleware_overhead',
    10,
    'Sum of one request’s middleware, its handler excluded.',
    from(HTTP_SERVER_MIDDLEWARE_TIME, ROUTE),
  ),
  application(
    'authentication_time',
    50,
    'One attempt to tell who is asking.',
    from(AUTHENTICATION_DURATION, [...LIBRARY, 'tachograph.authentication.strategy']),
  ),
  application(
    'session_processing',
    20,
    'One operation on a session.',
    from(SESSION_DURATION, [...LIBRARY, 'tachograph.session.operation']),
  ),
  application(
    'static_file_serving',
    200,
    'One request that was answered with a static file.',
    from(STATIC_FILE_DURATION, LIBRARY),
  ),
  application(
    'error_page_generation',
    100,
    'One response of 404 or 5xx.',
    from(ERROR_PAGE_DURATION, ['http.response.status_code']),
  ),
  application(
    'admin_interface',
    300,
    'Requests to one route of the administration (TACHOGRAPH_ADMIN_ROUTES).',
    from(HTTP_SERVER_REQUEST_DURATION, ROUTE, { routes: 'admin' }),
  ),
  application(
    'management_commands',
    MODULE_LIMITS_MS.management_commands,
    'One run of a script or command.',
    from(OPERATION_DURATION, ['tachograph.operation.name'], {
      where: { 'tachograph.module': 'management_commands' },
    }),
    ANY,
  ),
];

export const API_BUDGETS: readonly Budget[] = [
  api(
    'endpoint_response_time',
    400,
    'Requests to one route, by method and class of status.',
    from(HTTP_SERVER_REQUEST_DURATION, [...ROUTE, 'http.response.status_class']),
  ),
  api(
    SLOW_RESPONSE,
    400,
    'Any single request; the limit is TACHOGRAPH_SLOW_RESPONSE unless set here.',
    from(HTTP_SERVER_REQUEST_DURATION, ROUTE),
    ANY,
  ),
  api(
    EXCESSIVE_QUERIES,
    20,
    'Queries of any single request; the limit is TACHOGRAPH_EXCESSIVE_QUERIES unless set here.',
    from(HTTP_SERVER_QUERIES, ROUTE),
    { ...ANY, unit: 'number' },
  ),
  api(
    'serialization_time',
    20,
    'One response body made into text.',
    from(SERIALIZATION_DURATION, LIBRARY),
  ),
  api(
    'jwt_time',
    10,
    'One token signed or verified.',
    from(JWT_DURATION, [...LIBRARY, 'tachograph.jwt.operation']),
  ),
  api(
    'rate_limited_requests',
    5,
    'Decisions of a rate limiter that refused.',
    from(RATE_LIMIT_DECISIONS, LIBRARY, { part: ['tachograph.rate_limit.decision', 'refused'] }),
    { unit: '%', statistic: 'share' },
  ),
];
