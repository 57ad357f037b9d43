/** What sales reads. */
import { queryOne } from '../platform/database.js';

export const ORDERS_PER_PAGE = 20;

/**
 * One page of orders, newest first.
 * @param {import('pg').Pool} pool
 * @param {{ page: number, status: string }} filter status "all" means any.
 */
export async function listOrders(pool, { page, status }) {
  const { rows: orders } = await pool.query(
    `SELECT id, customer_id, status, total_cents, ordered_at FROM sales_orders
     WHERE $1 = 'all' OR status = $1 ORDER BY ordered_at DESC, id DESC LIMIT $2 OFFSET $3`,
    [status, ORDERS_PER_PAGE, (page - 1) * ORDERS_PER_PAGE],
  );
  for (const order of orders) {
    order.customer = await loadCustomer(pool, order.customer_id);
    order.lines = await loadOrderLines(pool, order.id);
  }
  return orders;
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} id
 */
export function loadOrder(pool, id) {
  const sql =
    'SELECT id, customer_id, clerk_id, status, total_cents, ordered_at FROM sales_orders WHERE id = $1';
  return queryOne(pool, sql, [id]);
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} id
 */
export function loadCustomer(pool, id) {
  const sql =
    'SELECT id, name, email, city, country, credit_limit_cents FROM customers WHERE id = $1';
  return queryOne(pool, sql, [id]);
}

/**
 * @param {import('pg').Pool | import('pg').PoolClient} database
 * @param {number} orderId
 */
export async function loadOrderLines(database, orderId) {
  const { rows } = await database.query(
    `SELECT l.line, l.product_id, l.quantity, l.price_cents, p.sku, p.name, p.weight_grams
     FROM sales_order_lines l JOIN products p ON p.id = l.product_id
     WHERE l.order_id = $1 ORDER BY l.line`,
    [orderId],
  );
  return rows;
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} orderId
 * @param {number} line
 */
export function loadOrderLine(pool, orderId, line) {
  return queryOne(
    pool,
    `SELECT l.line, l.product_id, l.quantity, l.price_cents, p.sku, p.name
     FROM sales_order_lines l JOIN products p ON p.id = l.product_id
     WHERE l.order_id = $1 AND l.line = $2`,
    [orderId, line],
  );
}

/**
 * Units on hand in all warehouses.
 * @param {import('pg').Pool} pool
 * @param {number[]} productIds
 * @returns {Promise<Map<number, number>>}
 */
export async function stockOfProducts(pool, productIds) {
  const { rows } = await pool.query(
    `SELECT product_id, sum(quantity)::int AS quantity FROM stock_levels
     WHERE product_id = ANY ($1) GROUP BY product_id`,
    [productIds],
  );
  return new Map(rows.map((row) => [row.product_id, row.quantity]));
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} customerId
 */
export async function openBalanceCents(pool, customerId) {
  const row = await queryOne(
    pool,
    `SELECT coalesce(sum(amount_cents), 0)::float8 AS open_cents FROM invoices
     WHERE customer_id = $1 AND NOT paid`,
    [customerId],
  );
  return row.open_cents;
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} customerId
 */
export async function recentOrdersOfCustomer(pool, customerId) {
  const { rows } = await pool.query(
    `SELECT id, status, total_cents, ordered_at FROM sales_orders
     WHERE customer_id = $1 ORDER BY ordered_at DESC LIMIT 10`,
    [customerId],
  );
  return rows;
}

/** @param {import('pg').Pool} pool */
export async function allCustomers(pool) {
  const { rows } = await pool.query(
    'SELECT id, name, email, city, country, credit_limit_cents FROM customers ORDER BY name',
  );
  return rows;
}
