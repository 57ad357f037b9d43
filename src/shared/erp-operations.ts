/**
 * The preset of an ERP: its business operations, each with the module it belongs to. An operation of
 * one of these names needs no module of its own. Pure data.
 */

const OPERATIONS_BY_MODULE: Readonly<Record<string, readonly string[]>> = {
  production: [
    'production_order_create',
    'order_creation',
    'workflow_transition',
    'inventory_update',
    'quality_check',
  ],
  inventory: [
    'inventory_calculation',
    'stock_calculation',
    'location_tracking',
    'reorder_point_calculation',
    'barcode_processing',
  ],
  sales: ['sales_order_process'],
  purchasing: ['purchase_order_approval'],
  finance: ['financial_report_generate'],
  hr: ['hr_payroll_calculation'],
  quality: ['quality_check_workflow'],
  // What all modules share.
  platform: ['dashboard_data_aggregation', 'cross_module_sync', 'audit_log_creation'],
};

/** From the name of an operation of the preset to its module. */
export const ERP_OPERATIONS: ReadonlyMap<string, string> = new Map(
  Object.entries(OPERATIONS_BY_MODULE).flatMap(([module, names]) =>
    names.map((name): [string, string] => [name, module]),
  ),
);

/** The module of an operation of the preset; undefined for any other. */
export function moduleOfOperation(name: string): string | undefined {
  return ERP_OPERATIONS.get(name);
}
