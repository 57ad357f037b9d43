/** What inventory reads. */
import { queryOne } from '../platform/database.js';

export const PRODUCTS_PER_PAGE = 30;

/**
 * @param {import('pg').Pool} pool
 * @param {{ page: number, search: string }} filter
 */
export async function listProducts(pool, { page, search }) {
  const { rows } = await pool.query(
    `SELECT id, sku, name, category, price_cents FROM products
     WHERE $1 = '' OR name ILIKE '%' || $1 || '%' OR sku = upper($1)
     ORDER BY sku LIMIT $2 OFFSET $3`,
    [search, PRODUCTS_PER_PAGE, (page - 1) * PRODUCTS_PER_PAGE],
  );
  return rows;
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} id
 */
export function loadProduct(pool, id) {
  return queryOne(
    pool,
    `SELECT p.*, s.name AS supplier_name, s.lead_time_days FROM products p
     JOIN suppliers s ON s.id = p.supplier_id WHERE p.id = $1`,
    [id],
  );
}

/**
 * @param {import('pg').Pool} pool
 * @param {string} barcode
 */
export function productByBarcode(pool, barcode) {
  const sql = 'SELECT id, sku, name, weight_grams FROM products WHERE barcode = $1';
  return queryOne(pool, sql, [barcode]);
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} productId
 */
export async function stockByWarehouse(pool, productId) {
  const { rows } = await pool.query(
    `SELECT w.code, w.city, s.location, s.quantity FROM stock_levels s
     JOIN warehouses w ON w.id = s.warehouse_id WHERE s.product_id = $1 ORDER BY w.id`,
    [productId],
  );
  return rows;
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} productId
 */
export async function latestMovements(pool, productId) {
  const { rows } = await pool.query(
    `SELECT quantity, reason, lot_number, moved_at FROM stock_movements
     WHERE product_id = $1 ORDER BY moved_at DESC LIMIT 10`,
    [productId],
  );
  return rows;
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} productId
 */
export async function latestSales(pool, productId) {
  const { rows } = await pool.query(
    'SELECT order_id, quantity, price_cents FROM sales_order_lines WHERE product_id = $1 ORDER BY order_id DESC LIMIT 5',
    [productId],
  );
  return rows;
}

/**
 * Where the goods of one lot went.
 * @param {import('pg').Pool} pool
 * @param {string} lotNumber
 */
export async function movementsOfLot(pool, lotNumber) {
  const { rows } = await pool.query(
    `SELECT m.id, m.product_id, m.quantity, m.reason, m.moved_at, p.name, w.code
     FROM stock_movements m JOIN products p ON p.id = m.product_id JOIN warehouses w ON w.id = m.warehouse_id
     WHERE m.lot_number = $1 ORDER BY m.moved_at`,
    [lotNumber],
  );
  return rows;
}

/** @param {import('pg').Pool} pool */
export async function belowReorderPoint(pool) {
  const { rows } = await pool.query(
    `SELECT p.id, p.sku, p.name, p.reorder_point, sum(s.quantity)::int AS quantity
     FROM products p JOIN stock_levels s ON s.product_id = p.id
     GROUP BY p.id HAVING sum(s.quantity) < p.reorder_point * 8 ORDER BY quantity LIMIT 50`,
  );
  return rows;
}

/**
 * @param {import('pg').Pool} pool
 * @param {string} key
 * @returns {Promise<string>}
 */
export async function loadSetting(pool, key) {
  const row = await queryOne(pool, 'SELECT value FROM settings WHERE key = $1', [key]);
  return row?.value ?? '';
}
