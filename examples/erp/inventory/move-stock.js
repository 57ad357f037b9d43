/** Carries units of a product from one warehouse to another. */
import { recordAudit } from '../audit/record-audit.js';
import { inTransaction } from '../platform/database.js';
import { HttpError } from '../platform/http-error.js';

/**
 * @param {import('pg').Pool} pool
 * @param {number} userId
 * @param {{ productId: number, from: number, to: number, quantity: number }} movement Warehouse ids.
 * @throws {HttpError} 400 when both warehouses are the same, 404 and 409 when the units are not there.
 */
export async function moveStock(pool, userId, { productId, from, to, quantity }) {
  if (from === to) throw new HttpError(400, 'Please check the input', { to: 'another warehouse' });
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query(
      `SELECT warehouse_id, quantity FROM stock_levels
       WHERE product_id = $1 AND warehouse_id IN ($2, $3) ORDER BY warehouse_id FOR UPDATE`,
      [productId, from, to],
    );
    const source = rows.find((row) => row.warehouse_id === from);
    if (rows.length < 2 || source === undefined) throw new HttpError(404, 'Product not found');
    if (source.quantity < quantity) throw new HttpError(409, 'Not enough stock there');
    await client.query(
      `UPDATE stock_levels SET quantity = quantity + CASE warehouse_id WHEN $2 THEN -$4::int ELSE $4 END
       WHERE product_id = $1 AND warehouse_id IN ($2, $3)`,
      [productId, from, to, quantity],
    );
    await client.query(
      `INSERT INTO stock_movements (product_id, warehouse_id, quantity, reason, lot_number, moved_at)
       VALUES ($1, $2, -$4::int, 'count', 'L1', now()), ($1, $3, $4, 'count', 'L1', now())`,
      [productId, from, to, quantity],
    );
    await recordAudit(client, { userId, action: 'update', entity: 'product', entityId: productId });
  });
}
