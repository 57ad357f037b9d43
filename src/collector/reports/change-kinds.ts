/** What is compared between periods: metrics, and what tells their rows apart. A table. */
import { OPERATION_DURATION } from '../../shared/application-metrics.js';
import { DB_CLIENT_OPERATION_DURATION, QUERY_TEXT } from '../../shared/database-metrics.js';
import { HTTP_SERVER_REQUEST_DURATION } from '../../shared/metrics.js';

export type ChangeKind = 'route' | 'query' | 'operation' | 'page';

export interface KindRow {
  readonly kind: ChangeKind;
  readonly metric: string;
  readonly names: readonly string[];
  /** What tells sorts of calls of one row apart, for the mix. */
  readonly strata: readonly string[];
  readonly nameOf: (attributes: Readonly<Record<string, string>>) => string;
}

const OUTCOME = ['http.response.status_class', 'error.type'] as const;
const ROUTE = ['http.request.method', 'http.route'] as const;
const OPERATION = 'tachograph.operation.name';
const PAGE = 'browser.page';

export const CHANGE_KINDS: readonly KindRow[] = [
  {
    kind: 'route',
    metric: HTTP_SERVER_REQUEST_DURATION.name,
    names: ROUTE,
    strata: OUTCOME,
    nameOf: (attributes) => ROUTE.map((name) => attributes[name] || '(none)').join(' '),
  },
  {
    kind: 'query',
    metric: DB_CLIENT_OPERATION_DURATION.name,
    names: ['db.system.name', QUERY_TEXT, 'db.operation.name', 'db.collection.name'],
    strata: ['error.type'],
    nameOf: (attributes) =>
      attributes[QUERY_TEXT] ||
      [
        attributes['db.system.name'],
        attributes['db.operation.name'],
        attributes['db.collection.name'],
      ]
        .filter((part) => part)
        .join(' '),
  },
  {
    kind: 'operation',
    metric: OPERATION_DURATION.name,
    names: [OPERATION],
    strata: ['error.type'],
    nameOf: (attributes) => attributes[OPERATION] ?? '',
  },
  {
    kind: 'page',
    metric: 'browser.page.load',
    names: [PAGE],
    strata: [],
    nameOf: (attributes) => attributes[PAGE] ?? '',
  },
];
