/** Budgets of business operations; see budget.ts. Each is for the operation of its own name. */
import { OPERATION_DURATION } from './application-metrics.js';
import { type Budget, budgetsOf, from } from './budget.js';

const business = budgetsOf('business');
const NAME = 'tachograph.operation.name';

const OPERATIONS: readonly (readonly [name: string, limitMs: number, measured: string])[] = [
  ['production_order_create', 200, 'A production order made.'],
  ['inventory_calculation', 150, 'Stock calculated.'],
  ['sales_order_process', 300, 'A sales order processed.'],
  ['financial_report_generate', 2000, 'A financial report generated.'],
  ['quality_check_workflow', 500, 'A quality check carried through.'],
  ['hr_payroll_calculation', 1000, 'A payroll calculated.'],
  ['purchase_order_approval', 100, 'A purchase order approved.'],
  ['dashboard_data_aggregation', 800, 'The data of a dashboard aggregated.'],
  ['cross_module_sync', 200, 'Modules brought into agreement.'],
  ['audit_log_creation', 50, 'An entry of the audit log written.'],
];

export const BUSINESS_BUDGETS: readonly Budget[] = OPERATIONS.map(([name, limitMs, measured]) =>
  business(name, limitMs, measured, from(OPERATION_DURATION, [NAME], { where: { [NAME]: name } })),
);
