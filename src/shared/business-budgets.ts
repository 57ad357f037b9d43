/** Budgets of business operations; see budget.ts. Each is for the operation of its own name. */
import { OPERATION_DURATION } from './application-metrics.js';
import { type Budget, budgetsOf, from } from './budget.js';
import { OPERATION_LIMITS_MS } from './operation-limits.js';

const business = budgetsOf('business');
const NAME = 'tachograph.operation.name';

const MEASURED: Readonly<Record<keyof typeof OPERATION_LIMITS_MS, string>> = {
  production_order_create: 'A production order made.',
  inventory_calculation: 'Stock calculated.',
  sales_order_process: 'A sales order processed.',
  financial_report_generate: 'A financial report generated.',
  quality_check_workflow: 'A quality check carried through.',
  hr_payroll_calculation: 'A payroll calculated.',
  purchase_order_approval: 'A purchase order approved.',
  dashboard_data_aggregation: 'The data of a dashboard aggregated.',
  cross_module_sync: 'Modules brought into agreement.',
  audit_log_creation: 'An entry of the audit log written.',
};
const NAMES = Object.keys(MEASURED) as (keyof typeof MEASURED)[];

export const BUSINESS_BUDGETS: readonly Budget[] = NAMES.map((name) =>
  business(
    name,
    OPERATION_LIMITS_MS[name],
    MEASURED[name],
    from(OPERATION_DURATION, [NAME], { where: { [NAME]: name } }),
  ),
);
