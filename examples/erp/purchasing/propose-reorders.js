/** A scheduled job: drafts purchase orders for what runs low. At most a few drafts a run. */
import { inTransaction } from '../platform/database.js';

const DRAFTS_MAX = 3;
/** Months of reorder points to buy at once. */
const REORDER_FACTOR = 6;

/**
 * @param {import('pg').Pool} pool
 * @returns {Promise<number>} How many drafts were made.
 */
export function proposeReorders(pool) {
  return inTransaction(pool, async (client) => {
    const { rows: low } = await client.query(
      `SELECT p.id, p.supplier_id, p.cost_cents, p.reorder_point * $2 AS quantity
       FROM products p JOIN stock_levels s ON s.product_id = p.id
       GROUP BY p.id ORDER BY sum(s.quantity)::float8 / p.reorder_point LIMIT $1`,
      [DRAFTS_MAX, REORDER_FACTOR],
    );
    for (const product of low) {
      const inserted = await client.query(
        `INSERT INTO purchase_orders (supplier_id, status, total_cents, created_at)
         VALUES ($1, 'draft', $2, now()) RETURNING id`,
        [product.supplier_id, product.quantity * product.cost_cents],
      );
      await client.query(
        `INSERT INTO purchase_order_lines (order_id, line, product_id, quantity, cost_cents)
         VALUES ($1, 1, $2, $3, $4)`,
        [inserted.rows[0].id, product.id, product.quantity, product.cost_cents],
      );
    }
    return low.length;
  });
}
