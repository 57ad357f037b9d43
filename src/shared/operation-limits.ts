/**
 * How long business operations may take, by name or by the module of their kind, in ms: for the table of
 * budgets and for the application's thread, which keeps the traces of those that take longer. Pure data.
 */

/** Operations of the ERP preset that have a budget of their own name. */
export const OPERATION_LIMITS_MS = {
  production_order_create: 200,
  inventory_calculation: 150,
  sales_order_process: 300,
  financial_report_generate: 2000,
  quality_check_workflow: 500,
  hr_payroll_calculation: 1000,
  purchase_order_approval: 100,
  dashboard_data_aggregation: 800,
  cross_module_sync: 200,
  audit_log_creation: 50,
} as const;

/** Modules whose operations have a budget together, of the module's name (command-kinds.ts). */
export const MODULE_LIMITS_MS = {
  management_commands: 5000,
  migration_execution: 30_000,
  backup_operation: 300_000,
} as const;
