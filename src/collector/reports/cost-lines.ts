/** Routes and queries with their share of the time of their kind. Pure. */
import type { QueryRow } from '../views/queries.js';
import type { RouteRow } from '../views/routes.js';
import { SAMPLES_MIN } from './figures.js';
import type { CostLine } from './report-model.js';

export function routeLines(routes: readonly RouteRow[]): CostLine[] {
  const all = routes.reduce((sum, { total }) => sum + total, 0);
  return routes.map((row) => {
    const name = `${row.method || '(none)'} ${row.route || '(none)'}`;
    return { kind: 'route', name, ...costOfRow(row, all) };
  });
}

/** @param all time of all queries, those that are not listed too */
export function queryLines(queries: readonly QueryRow[], all: number): CostLine[] {
  return queries.map((row) => {
    const name = row.text || `${row.system} ${row.operation} ${row.collection}`.trim();
    return { kind: 'query', name, ...costOfRow(row, all) };
  });
}

function costOfRow(
  { calls, total, p95 }: Pick<RouteRow, 'calls' | 'total' | 'p95'>,
  all: number,
): Omit<CostLine, 'kind' | 'name'> {
  const share = all === 0 ? 0 : total / all;
  return { calls, total, share, p95: calls < SAMPLES_MIN ? null : p95 };
}
