/**
 * Business operation sales_order_process: from "open" to "shipped", with freight, stock, invoice and ledger.
 */
import { recordAudit } from '../audit/record-audit.js';
import { carrierRates } from '../platform/carrier-client.js';
import { inTransaction } from '../platform/database.js';
import { found, HttpError } from '../platform/http-error.js';
import { loadCustomer, loadOrder, loadOrderLines } from './queries.js';

/**
 * @param {import('../server.js').Erp} erp
 * @param {number} userId
 * @param {number} orderId
 * @returns {Promise<{ id: number, status: 'shipped', carrier: string, freightCents: number }>}
 * @throws {HttpError} 404 without such an order, 409 when it is not open or the stock does not suffice.
 */
export async function processOrder(erp, userId, orderId) {
  const rate = await cheapestRate(erp, orderId);
  return inTransaction(erp.pool, async (client) => {
    const order = await lockOpenOrder(client, orderId);
    const lines = await loadOrderLines(client, orderId);
    await takeStock(client, orderId, lines);
    await client.query(`UPDATE sales_orders SET status = 'shipped' WHERE id = $1`, [orderId]);
    await client.query(
      `INSERT INTO shipments (order_id, carrier, cost_cents, shipped_at) VALUES ($1, $2, $3, now())`,
      [orderId, rate.carrier, rate.costCents],
    );
    await invoiceOrder(client, order, rate.costCents);
    const details = { carrier: rate.carrier };
    await recordAudit(client, {
      userId,
      action: 'approve',
      entity: 'sales_order',
      entityId: orderId,
      details,
    });
    return { id: orderId, status: 'shipped', carrier: rate.carrier, freightCents: rate.costCents };
  });
}

/**
 * @param {import('../server.js').Erp} erp
 * @param {number} orderId
 */
export async function ratesForOrder(erp, orderId) {
  const order = found(await loadOrder(erp.pool, orderId), 'Order');
  const [customer, lines] = await Promise.all([
    loadCustomer(erp.pool, order.customer_id),
    loadOrderLines(erp.pool, orderId),
  ]);
  const weightGrams = lines.reduce((sum, line) => sum + line.quantity * line.weight_grams, 1);
  return carrierRates(erp.carrierUrl, { country: customer.country, weightGrams });
}

/**
 * @param {import('../server.js').Erp} erp
 * @param {number} orderId
 */
async function cheapestRate(erp, orderId) {
  const [rate] = await ratesForOrder(erp, orderId);
  if (rate === undefined) throw new HttpError(409, 'No carrier takes this order');
  return rate;
}

/**
 * @param {import('pg').PoolClient} client
 * @param {number} orderId
 */
async function lockOpenOrder(client, orderId) {
  const { rows } = await client.query(
    'SELECT id, customer_id, status, total_cents FROM sales_orders WHERE id = $1 FOR UPDATE',
    [orderId],
  );
  const order = found(rows[0], 'Order');
  if (order.status !== 'open') throw new HttpError(409, `Order ${orderId} is ${order.status}`);
  return order;
}

/**
 * Takes each product from the warehouse that has most of it. Rows are locked in the order of product ids, so
 * that two orders with the same products wait for each other instead of deadlocking.
 * @param {import('pg').PoolClient} client
 * @param {number} orderId
 * @param {{ product_id: number, quantity: number }[]} lines
 */
async function takeStock(client, orderId, lines) {
  const wanted = new Map();
  for (const line of lines) {
    wanted.set(line.product_id, (wanted.get(line.product_id) ?? 0) + line.quantity);
  }
  const { rows: levels } = await client.query(
    `SELECT product_id, warehouse_id, quantity FROM stock_levels
     WHERE product_id = ANY ($1) ORDER BY product_id, warehouse_id FOR UPDATE`,
    [[...wanted.keys()]],
  );
  const taken = [...wanted].map(([productId, quantity]) => {
    const best = levels
      .filter((level) => level.product_id === productId)
      .reduce((a, b) => (b.quantity > a.quantity ? b : a));
    if (best.quantity < quantity) throw new HttpError(409, `Not enough stock of ${productId}`);
    return { productId, warehouseId: best.warehouse_id, quantity };
  });
  const columns = [
    taken.map((take) => take.productId),
    taken.map((take) => take.warehouseId),
    taken.map((take) => take.quantity),
  ];
  await client.query(
    `UPDATE stock_levels s SET quantity = s.quantity - t.quantity
     FROM unnest($1::int[], $2::int[], $3::int[]) AS t (product_id, warehouse_id, quantity)
     WHERE s.product_id = t.product_id AND s.warehouse_id = t.warehouse_id`,
    columns,
  );
  await client.query(
    `INSERT INTO stock_movements (product_id, warehouse_id, quantity, reason, lot_number, moved_at)
     SELECT product_id, warehouse_id, -quantity, 'sale', $4, now()
     FROM unnest($1::int[], $2::int[], $3::int[]) AS t (product_id, warehouse_id, quantity)`,
    [...columns, `S${orderId}`],
  );
}

/**
 * @param {import('pg').PoolClient} client
 * @param {{ id: number, customer_id: number, total_cents: number }} order
 * @param {number} freightCents
 */
async function invoiceOrder(client, order, freightCents) {
  await client.query(
    `INSERT INTO invoices (order_id, customer_id, amount_cents, paid, issued_on)
     VALUES ($1, $2, $3, false, current_date)`,
    [order.id, order.customer_id, order.total_cents],
  );
  await client.query(
    `INSERT INTO ledger_entries (account, amount_cents, source, booked_on)
     VALUES (1200, $1, $3, current_date), (4000, -$1, $3, current_date),
            (5200, $2, $3, current_date), (1000, -$2, $3, current_date)`,
    [order.total_cents, freightCents, `order:${order.id}`],
  );
}
