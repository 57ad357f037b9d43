/** Business operation production_order_create: explodes the bill of materials and plans the order. */
import { recordAudit } from '../audit/record-audit.js';
import { inTransaction } from '../platform/database.js';
import { found } from '../platform/http-error.js';

const INSPECTOR_ID = 7;
const SAMPLE_SIZE = 8;

/**
 * @param {import('pg').Pool} pool
 * @param {number} userId
 * @param {{ productId: number, quantity: number, workCenter: string }} order
 * @returns {Promise<{ id: number, components: number, shortages: { componentId: number, missing: number }[] }>}
 */
export function createProductionOrder(pool, userId, { productId, quantity, workCenter }) {
  return inTransaction(pool, async (client) => {
    const product = await client.query('SELECT id FROM products WHERE id = $1', [productId]);
    found(product.rows[0], 'Product');
    const { rows: components } = await client.query(
      `SELECT b.component_id, b.quantity * $2 AS needed, coalesce(sum(s.quantity), 0)::int AS on_hand
       FROM bill_of_materials b LEFT JOIN stock_levels s ON s.product_id = b.component_id
       WHERE b.product_id = $1 GROUP BY b.component_id, b.quantity ORDER BY b.component_id`,
      [productId, quantity],
    );
    const inserted = await client.query(
      `INSERT INTO production_orders (product_id, quantity, status, work_center, due_on)
       VALUES ($1, $2, 'planned', $3, current_date + 14) RETURNING id`,
      [productId, quantity, workCenter],
    );
    const id = inserted.rows[0].id;
    await client.query(
      `INSERT INTO quality_checks (production_order_id, inspector_id, status, sample_size, defects)
       VALUES ($1, $2, 'pending', $3, 0)`,
      [id, INSPECTOR_ID, SAMPLE_SIZE],
    );
    await recordAudit(client, {
      userId,
      action: 'create',
      entity: 'production_order',
      entityId: id,
      details: { productId, quantity },
    });
    const shortages = components
      .filter((part) => part.on_hand < part.needed)
      .map((part) => ({ componentId: part.component_id, missing: part.needed - part.on_hand }));
    return { id, components: components.length, shortages };
  });
}
