/** Goods arrive: books them against an approved order line and into the main warehouse. */
import { recordAudit } from '../audit/record-audit.js';
import { found, HttpError } from '../platform/http-error.js';

const MAIN_WAREHOUSE = 1;

/**
 * @param {import('pg').Pool} pool
 * @param {number} userId
 * @param {{ orderId: number, line: number, quantity: number }} delivery
 * @returns {Promise<{ received: number }>} Units of the line received so far.
 * @throws {HttpError} 404 without such a line, 409 when more arrives than was ordered.
 */
export async function receiveGoods(pool, userId, { orderId, line, quantity }) {
  const client = await pool.connect();
  await client.query('BEGIN');
  const { rows } = await client.query(
    `SELECT product_id, quantity, received FROM purchase_order_lines
     WHERE order_id = $1 AND line = $2 FOR UPDATE`,
    [orderId, line],
  );
  const ordered = rows[0];
  if (ordered !== undefined && ordered.received + quantity > ordered.quantity) {
    await client.query('ROLLBACK');
    throw new HttpError(409, `Line ${line} expects ${ordered.quantity - ordered.received} more`);
  }
  try {
    const { product_id: productId, received } = found(ordered, 'Line');
    await client.query(
      'UPDATE purchase_order_lines SET received = received + $3 WHERE order_id = $1 AND line = $2',
      [orderId, line, quantity],
    );
    await client.query(
      'UPDATE stock_levels SET quantity = quantity + $3 WHERE product_id = $1 AND warehouse_id = $2',
      [productId, MAIN_WAREHOUSE, quantity],
    );
    await client.query(
      `INSERT INTO stock_movements (product_id, warehouse_id, quantity, reason, lot_number, moved_at)
       VALUES ($1, $2, $3, 'purchase', $4, now())`,
      [productId, MAIN_WAREHOUSE, quantity, `L${orderId}`],
    );
    const entity = 'purchase_order';
    await recordAudit(client, { userId, action: 'update', entity, entityId: orderId });
    await client.query('COMMIT');
    return { received: received + quantity };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
