/** Moves a production order to its next state. */
import { recordAudit } from '../audit/record-audit.js';
import { inTransaction } from '../platform/database.js';
import { found, HttpError } from '../platform/http-error.js';

/** @type {Record<string, string | undefined>} */
const NEXT = { planned: 'running', running: 'finished' };

/**
 * @param {import('pg').Pool} pool
 * @param {number} userId
 * @param {number} orderId
 * @returns {Promise<{ id: number, status: string }>}
 * @throws {HttpError} 409 when it is finished already.
 */
export function advanceOrder(pool, userId, orderId) {
  return inTransaction(pool, async (client) => {
    const sql = 'SELECT id, status FROM production_orders WHERE id = $1 FOR UPDATE';
    const order = found((await client.query(sql, [orderId])).rows[0], 'Production order');
    const status = NEXT[order.status];
    if (status === undefined) throw new HttpError(409, `Order ${orderId} is ${order.status}`);
    await client.query('UPDATE production_orders SET status = $2 WHERE id = $1', [orderId, status]);
    const entity = 'production_order';
    await recordAudit(client, { userId, action: 'update', entity, entityId: orderId });
    return { id: orderId, status };
  });
}
