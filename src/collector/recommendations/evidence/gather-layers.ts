/** The layers of the application, each one by one: what runs between a request and its handler's own code. */
import {
  AUTHENTICATION_DURATION,
  ERROR_PAGE_DURATION,
  JWT_DURATION,
  MIDDLEWARE_DURATION,
  SERIALIZATION_DURATION,
  SESSION_DURATION,
  STATIC_FILE_DURATION,
  TEMPLATE_COMPILATIONS,
  TEMPLATE_RENDER_DURATION,
  VALIDATION_DURATION,
} from '../../../shared/application-metrics.js';
import type { Metric } from '../../../shared/metric.js';
import type { CounterStats } from '../../query/query-request.js';
import { groupsOf, type ViewRequest, type ViewSource } from '../../views/view-request.js';
import { callsOf } from './calls-of.js';
import type { Calls, CompilationRow, Layers } from './evidence.js';

export const LIBRARY = 'tachograph.library';
export const TEMPLATE_NAME = 'tachograph.template.name';

export async function gatherLayers(source: ViewSource, request: ViewRequest): Promise<Layers> {
  const rows = (metric: Metric, ...names: string[]): Promise<readonly Calls[]> =>
    callsOf(source, request, metric, names);
  const [middleware, templates, validations, authentications, sessions] = await Promise.all([
    rows(MIDDLEWARE_DURATION, LIBRARY, 'code.function.name'),
    rows(TEMPLATE_RENDER_DURATION, LIBRARY, TEMPLATE_NAME),
    rows(VALIDATION_DURATION, LIBRARY),
    rows(AUTHENTICATION_DURATION, LIBRARY, 'tachograph.authentication.strategy'),
    rows(SESSION_DURATION, LIBRARY, 'tachograph.session.operation'),
  ]);
  const [tokens, staticFiles, serializations, errorPages] = await Promise.all([
    rows(JWT_DURATION, LIBRARY, 'tachograph.jwt.operation'),
    rows(STATIC_FILE_DURATION, LIBRARY),
    rows(SERIALIZATION_DURATION, LIBRARY),
    rows(ERROR_PAGE_DURATION, 'http.response.status_code'),
  ]);
  return {
    middleware,
    templates,
    validations,
    authentications,
    sessions,
    tokens,
    staticFiles,
    serializations,
    errorPages,
  };
}

export async function compilationsOf(
  source: ViewSource,
  request: ViewRequest,
): Promise<CompilationRow[]> {
  const groups = await groupsOf(source, request, TEMPLATE_COMPILATIONS, [LIBRARY, TEMPLATE_NAME]);
  return groups.map(({ attributes, total }) => ({
    library: attributes[LIBRARY] ?? '',
    name: attributes[TEMPLATE_NAME] ?? '',
    made: (total as CounterStats).value,
  }));
}
