/** Business operations by module, those first that take most time in all. */
import { OPERATION_DURATION, OPERATION_QUERIES } from '../../shared/application-metrics.js';
import type { HistogramStats } from '../query/query-request.js';
import { tallies } from './tallies.js';
import { type Timed, timedOf } from './timed.js';
import { groupsOf, keyOf, totalsOf, type ViewRequest, type ViewSource } from './view-request.js';

/** Times in seconds. */
export interface OperationRow extends Timed {
  readonly operation: string;
  /** Of operations that are no requests; null when none made any. */
  readonly queriesPerCall: number | null;
}

export interface ModuleRow {
  /** Empty where an operation has none. */
  readonly module: string;
  readonly calls: number;
  readonly total: number;
  readonly operations: readonly OperationRow[];
}

const NAMES = ['tachograph.operation.name', 'tachograph.module'] as const;

export async function operationsOf(source: ViewSource, request: ViewRequest): Promise<ModuleRow[]> {
  const [merged, outcomes, queries] = await Promise.all([
    totalsOf(source, request, {
      metric: OPERATION_DURATION.name,
      group: NAMES,
      limit: request.limit,
    }),
    groupsOf(source, request, OPERATION_DURATION, [...NAMES, 'error.type']),
    groupsOf(source, request, OPERATION_QUERIES, NAMES),
  ]);
  const byName = tallies(outcomes, NAMES);
  const made = new Map(
    queries.map(({ attributes, total }) => [
      keyOf(attributes, NAMES),
      (total as HistogramStats).sum,
    ]),
  );
  const modules = new Map<string, OperationRow[]>();
  for (const { attributes, total } of merged?.groups ?? []) {
    const stats = total as HistogramStats;
    const key = keyOf(attributes, NAMES);
    const ofQueries = made.get(key);
    const row: OperationRow = {
      operation: attributes['tachograph.operation.name'] ?? '',
      ...timedOf(stats, byName.get(key)),
      queriesPerCall: ofQueries === undefined ? null : ofQueries / stats.count,
    };
    const module = attributes['tachograph.module'] ?? '';
    modules.set(module, [...(modules.get(module) ?? []), row]);
  }
  return [...modules]
    .map(([module, operations]) => ({
      module,
      calls: operations.reduce((calls, row) => calls + row.calls, 0),
      total: operations.reduce((total, row) => total + row.total, 0),
      operations,
    }))
    .sort((a, b) => b.total - a.total);
}
