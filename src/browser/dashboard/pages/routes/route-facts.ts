/** What else is known of a route: its module, what is wrong with it, and how it was a week ago. Pure. */
import type { Group, RouteRow, TraceRow } from '../../api/answers.js';
import type { BreachRow, ChangeRow, FindingRow } from '../../api/health-answers.js';
import { SAMPLES_MIN } from '../../parts/format-value.js';

export interface RouteFacts {
  readonly modules: readonly string[];
  readonly hasRepeatedQueries: boolean;
  readonly isBlocked: boolean;
  readonly budgetsOver: readonly string[];
  /** p95 now over p95 a week earlier; null with too few samples on either side. */
  readonly change: number | null;
  /** The data supports it. */
  readonly isChangeSure: boolean;
}

export interface FactSources {
  readonly modules: readonly Group[];
  readonly findings: readonly FindingRow[];
  readonly breaches: readonly BreachRow[];
  readonly blocked: readonly TraceRow[];
  readonly before: readonly RouteRow[];
  readonly changes: readonly ChangeRow[];
}

const REPEATED = new Set(['n_plus_one', 'n_plus_one_write', 'duplicate_query', 'pagination_loop']);

export function routeFacts(row: RouteRow, sources: FactSources): RouteFacts {
  const isOwn = (attributes: Readonly<Record<string, string>>): boolean =>
    attributes['http.route'] === row.route &&
    (attributes['http.request.method'] ?? row.method) === row.method;
  const modules = sources.modules
    .filter(({ attributes }) => isOwn(attributes))
    .map(({ attributes }) => attributes['tachograph.module'] ?? '');
  const verdict = sources.changes.find(
    ({ kind, name }) => kind === 'route' && name === `${row.method} ${row.route}`,
  );
  return {
    modules: [...new Set(modules)].filter((name) => name !== ''),
    hasRepeatedQueries: sources.findings.some(
      ({ kind, method, route }) =>
        REPEATED.has(kind) && route === row.route && (method ?? row.method) === row.method,
    ),
    isBlocked: sources.blocked.some(
      ({ attributes, stallTime }) => stallTime > 0 && isOwn(attributes),
    ),
    budgetsOver: sources.breaches
      .filter((one) => isOwn(one.attributes))
      .map(({ budget }) => budget),
    change: verdict?.ratio ?? changeOf(row, sources.before),
    isChangeSure: verdict?.verdict === 'slower' || verdict?.verdict === 'faster',
  };
}

function changeOf(row: RouteRow, before: readonly RouteRow[]): number | null {
  const old = before.find(({ method, route }) => method === row.method && route === row.route);
  const isEnough = row.calls >= SAMPLES_MIN && (old?.calls ?? 0) >= SAMPLES_MIN;
  return isEnough && old !== undefined && old.p95 > 0 ? row.p95 / old.p95 : null;
}
