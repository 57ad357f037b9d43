/** The panels of the product page. Each one is complete in itself and asks for what it needs. */
import { found } from '../platform/http-error.js';
import {
  latestMovements,
  latestSales,
  loadProduct,
  loadSetting,
  stockByWarehouse,
} from './queries.js';

/**
 * @param {import('pg').Pool} pool
 * @param {number} id
 */
export async function loadProductPage(pool, id) {
  const product = found(await loadProduct(pool, id), 'Product');
  const price = await pricePanel(pool, product);
  const stock = await stockPanel(pool, product);
  const sales = await salesPanel(pool, product);
  const movements = await latestMovements(pool, id);
  return { product, price, stock, sales, movements };
}

/**
 * @param {import('pg').Pool} pool
 * @param {Record<string, any>} product
 */
async function pricePanel(pool, product) {
  const currency = await loadSetting(pool, 'currency');
  const vatPercent = Number(await loadSetting(pool, 'vat_percent'));
  const grossCents = Math.round(product.price_cents * (1 + vatPercent / 100));
  return { currency, grossCents, marginCents: product.price_cents - product.cost_cents };
}

/**
 * @param {import('pg').Pool} pool
 * @param {Record<string, any>} product
 */
async function stockPanel(pool, product) {
  const currency = await loadSetting(pool, 'currency');
  const levels = await stockByWarehouse(pool, product.id);
  const units = levels.reduce((sum, level) => sum + level.quantity, 0);
  return { currency, levels, units, valueCents: units * product.cost_cents };
}

/**
 * @param {import('pg').Pool} pool
 * @param {Record<string, any>} product
 */
async function salesPanel(pool, product) {
  const currency = await loadSetting(pool, 'currency');
  return { currency, orders: await latestSales(pool, product.id) };
}
