/** Business operation purchase_order_approval. */
import { recordAudit } from '../audit/record-audit.js';
import { inTransaction } from '../platform/database.js';
import { found, HttpError } from '../platform/http-error.js';

/**
 * @param {import('pg').Pool} pool
 * @param {number} userId
 * @param {number} orderId
 * @returns {Promise<{ id: number, status: 'approved' }>}
 * @throws {HttpError} 409 when it is not a draft.
 */
export function approveOrder(pool, userId, orderId) {
  return inTransaction(pool, async (client) => {
    const sql = 'SELECT id, status, total_cents FROM purchase_orders WHERE id = $1 FOR UPDATE';
    const order = found((await client.query(sql, [orderId])).rows[0], 'Purchase order');
    if (order.status !== 'draft') throw new HttpError(409, `Order ${orderId} is ${order.status}`);
    await client.query(
      `UPDATE purchase_orders SET status = 'approved', approved_by = $2 WHERE id = $1`,
      [orderId, userId],
    );
    const details = { totalCents: order.total_cents };
    const entity = 'purchase_order';
    await recordAudit(client, { userId, action: 'approve', entity, entityId: orderId, details });
    return { id: orderId, status: 'approved' };
  });
}
