/**
 * Budgets of queries by how their plans read tables, as the advisor saw them: which groups of the queries' durations
 * they are about. Pure.
 */
import type { QueryPlan, ScanKind } from '../../advisor/advice.js';
import type { Budget, BudgetSource } from '../../shared/budget.js';
import { from } from '../../shared/budget.js';
import { DB_CLIENT_OPERATION_DURATION, QUERY_TEXT } from '../../shared/database-metrics.js';

export interface PlanBudget {
  readonly source: BudgetSource;
  isMeant(attributes: Readonly<Record<string, string>>): boolean;
}

/** Undefined for other budgets, and where no plan is known. */
export function planBudgetOf(
  { name }: Budget,
  plans: ReadonlyMap<string, QueryPlan> | undefined,
): PlanBudget | undefined {
  if (plans === undefined || plans.size === 0) return undefined;
  if (name !== 'index_scan' && name !== 'table_scan') return undefined;
  return {
    source: from(DB_CLIENT_OPERATION_DURATION, ['db.system.name', QUERY_TEXT]),
    isMeant: (attributes) => kindOf(plans.get(attributes[QUERY_TEXT] ?? '')) === name,
  };
}

/** A plan that reads one table whole takes the time of that. */
function kindOf(plan: QueryPlan | undefined): ScanKind | undefined {
  if (plan?.scans.includes('table_scan')) return 'table_scan';
  return plan?.scans[0];
}
