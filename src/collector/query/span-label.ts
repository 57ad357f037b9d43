/** What a span is called in a waterfall, from its series: a kind, and the attributes that tell most. Pure. */
import {
  AUTHENTICATION_DURATION,
  GRAPHQL_OPERATION_DURATION,
  JWT_DURATION,
  MIDDLEWARE_DURATION,
  OPERATION_DURATION,
  SERIALIZATION_DURATION,
  SESSION_DURATION,
  STATIC_FILE_DURATION,
  TEMPLATE_RENDER_DURATION,
  VALIDATION_DURATION,
} from '../../shared/application-metrics.js';
import {
  DB_CLIENT_CONNECTION_CREATE_TIME,
  DB_CLIENT_CONNECTION_WAIT_TIME,
  DB_CLIENT_OPERATION_DURATION,
  QUERY_TEXT,
} from '../../shared/database-metrics.js';
import { MESSAGING_CLIENT_OPERATION_DURATION } from '../../shared/job-metrics.js';
import { HTTP_CLIENT_REQUEST_DURATION } from '../../shared/metrics.js';

export type SpanKind =
  | 'query'
  | 'connection'
  | 'http'
  | 'middleware'
  | 'template'
  | 'validation'
  | 'authentication'
  | 'session'
  | 'token'
  | 'static-file'
  | 'serialization'
  | 'graphql'
  | 'operation'
  | 'message'
  | 'other';

const LIBRARY = 'tachograph.library';

/** Kind by metric, and the attributes of a label, all that are there; `|` separates second choices. */
const KINDS: ReadonlyMap<string, readonly [kind: SpanKind, ...label: string[]]> = new Map([
  [
    DB_CLIENT_OPERATION_DURATION.name,
    ['query', `${QUERY_TEXT}|db.operation.name|db.system.name`, 'error.type'],
  ],
  [DB_CLIENT_CONNECTION_WAIT_TIME.name, ['connection', 'db.client.connection.pool.name']],
  [DB_CLIENT_CONNECTION_CREATE_TIME.name, ['connection', 'db.system.name', 'server.address']],
  [
    HTTP_CLIENT_REQUEST_DURATION.name,
    [
      'http',
      'http.request.method',
      'server.address',
      'server.port',
      'http.response.status_class',
      'error.type',
    ],
  ],
  [MIDDLEWARE_DURATION.name, ['middleware', `code.function.name|${LIBRARY}`]],
  [TEMPLATE_RENDER_DURATION.name, ['template', `tachograph.template.name|${LIBRARY}`]],
  [VALIDATION_DURATION.name, ['validation', LIBRARY, 'error.type']],
  [
    AUTHENTICATION_DURATION.name,
    ['authentication', `tachograph.authentication.strategy|${LIBRARY}`, 'error.type'],
  ],
  [SESSION_DURATION.name, ['session', 'tachograph.session.operation', LIBRARY]],
  [JWT_DURATION.name, ['token', 'tachograph.jwt.operation', LIBRARY]],
  [STATIC_FILE_DURATION.name, ['static-file', LIBRARY]],
  [SERIALIZATION_DURATION.name, ['serialization', LIBRARY]],
  [
    GRAPHQL_OPERATION_DURATION.name,
    ['graphql', 'graphql.operation.type', 'graphql.operation.name'],
  ],
  [
    MESSAGING_CLIENT_OPERATION_DURATION.name,
    [
      'message',
      'messaging.operation.name',
      'messaging.system',
      'messaging.destination.name',
      'error.type',
    ],
  ],
  [OPERATION_DURATION.name, ['operation', 'tachograph.operation.name', 'error.type']],
]);

export function spanKind(name: string): SpanKind {
  return KINDS.get(name)?.[0] ?? 'other';
}

export function spanLabel(name: string, attributes: Readonly<Record<string, string>>): string {
  const [, ...choices] = KINDS.get(name) ?? [];
  const parts = choices.map((choice) =>
    choice
      .split('|')
      .map((attribute) => attributes[attribute] ?? '')
      .find((value) => value !== ''),
  );
  return parts.filter((part) => part !== undefined).join(' ') || name;
}
