/** Everything the order page shows, in eight queries. */
import { auditTrail } from '../audit/record-audit.js';
import { found } from '../platform/http-error.js';
import {
  loadCustomer,
  loadOrder,
  loadOrderLines,
  openBalanceCents,
  stockOfProducts,
} from './queries.js';

/** The order a bench opens again and again; it exists at every scale of the seed and is shipped. */
export const ORDER_PAGE = { orderId: 12, path: '/sales/orders/12', queries: 8 };

/**
 * @param {import('pg').Pool} pool
 * @param {number} id
 */
export async function loadOrderPage(pool, id) {
  const order = found(await loadOrder(pool, id), 'Order');
  const [customer, lines, openCents, shipments, invoices, trail] = await Promise.all([
    loadCustomer(pool, order.customer_id),
    loadOrderLines(pool, id),
    openBalanceCents(pool, order.customer_id),
    shipmentsOf(pool, id),
    invoicesOf(pool, id),
    auditTrail(pool, 'sales_order', id),
  ]);
  const stock = await stockOfProducts(
    pool,
    lines.map((line) => line.product_id),
  );
  return { order, customer, lines, openCents, shipments, invoices, trail, stock };
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} orderId
 */
async function shipmentsOf(pool, orderId) {
  const sql =
    'SELECT carrier, cost_cents, shipped_at FROM shipments WHERE order_id = $1 ORDER BY id';
  return (await pool.query(sql, [orderId])).rows;
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} orderId
 */
async function invoicesOf(pool, orderId) {
  const sql =
    'SELECT id, amount_cents, paid, issued_on FROM invoices WHERE order_id = $1 ORDER BY id';
  return (await pool.query(sql, [orderId])).rows;
}
