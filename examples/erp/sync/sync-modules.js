/**
 * Business operation cross_module_sync: carries what production has finished over to inventory and finance.
 * Takes a few orders at a time; several may run at once because each skips the rows another one holds.
 */
import { recordAudit } from '../audit/record-audit.js';
import { inTransaction } from '../platform/database.js';

const ORDERS_MAX = 5;
const MAIN_WAREHOUSE = 1;

/**
 * @param {import('pg').Pool} pool
 * @param {number} userId
 * @returns {Promise<{ orders: number, units: number }>}
 */
export function syncModules(pool, userId) {
  return inTransaction(pool, async (client) => {
    const { rows: finished } = await client.query(
      `SELECT o.id, o.product_id, o.quantity, p.cost_cents FROM production_orders o
       JOIN products p ON p.id = o.product_id
       WHERE o.status = 'finished' AND NOT o.synced
       ORDER BY o.product_id LIMIT $1 FOR UPDATE OF o SKIP LOCKED`,
      [ORDERS_MAX],
    );
    let units = 0;
    for (const order of finished) {
      await bookOrder(client, order);
      units += order.quantity;
    }
    if (finished.length > 0) {
      await client.query('UPDATE production_orders SET synced = true WHERE id = ANY ($1)', [
        finished.map((order) => order.id),
      ]);
      const entityId = finished[0].id;
      const details = { orders: finished.length, units };
      await recordAudit(client, {
        userId,
        action: 'update',
        entity: 'production_order',
        entityId,
        details,
      });
    }
    return { orders: finished.length, units };
  });
}

/**
 * @param {import('pg').PoolClient} client
 * @param {{ id: number, product_id: number, quantity: number, cost_cents: number }} order
 */
async function bookOrder(client, order) {
  await client.query(
    `UPDATE stock_levels SET quantity = quantity + $3 WHERE product_id = $1 AND warehouse_id = $2`,
    [order.product_id, MAIN_WAREHOUSE, order.quantity],
  );
  await client.query(
    `INSERT INTO stock_movements (product_id, warehouse_id, quantity, reason, lot_number, moved_at)
     VALUES ($1, $2, $3, 'production', $4, now())`,
    [order.product_id, MAIN_WAREHOUSE, order.quantity, `P${order.id}`],
  );
  await client.query(
    `INSERT INTO ledger_entries (account, amount_cents, source, booked_on)
     VALUES (1400, $1, $2, current_date), (5000, -$1, $2, current_date)`,
    [order.quantity * order.cost_cents, `production:${order.id}`],
  );
}
