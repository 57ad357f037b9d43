/** Business operation inventory_calculation: what the stock of each warehouse is worth at moving-average cost. */

/**
 * @param {import('pg').Pool} pool
 * @returns {Promise<{ warehouse_id: number, code: string, units: number, value_cents: number, below_reorder: number }[]>}
 */
export async function calculateInventory(pool) {
  const { rows } = await pool.query(
    `SELECT w.id AS warehouse_id, w.code, sum(s.quantity)::int AS units,
       sum(s.quantity * p.cost_cents::bigint)::float8 AS value_cents,
       count(*) FILTER (WHERE s.quantity < p.reorder_point)::int AS below_reorder
     FROM stock_levels s JOIN products p ON p.id = s.product_id JOIN warehouses w ON w.id = s.warehouse_id
     GROUP BY w.id, w.code ORDER BY w.id`,
  );
  return rows;
}
