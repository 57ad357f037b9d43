/** The statement of account of a customer, rendered apart from the site's pages because it is also printed. */
import { fileURLToPath } from 'node:url';
import ejs from 'ejs';
import { FORMATS } from '../platform/format.js';
import { found } from '../platform/http-error.js';
import { loadCustomer, openBalanceCents } from '../sales/queries.js';

const TEMPLATE = fileURLToPath(new URL('../views/statement.ejs', import.meta.url));

/**
 * @param {import('pg').Pool} pool
 * @param {number} customerId
 * @returns {Promise<string>} HTML
 */
export async function renderStatement(pool, customerId) {
  const customer = found(await loadCustomer(pool, customerId), 'Customer');
  const [openCents, invoices] = await Promise.all([
    openBalanceCents(pool, customerId),
    pool.query(
      `SELECT id, order_id, amount_cents, paid, issued_on FROM invoices
       WHERE customer_id = $1 ORDER BY issued_on DESC, id DESC LIMIT 60`,
      [customerId],
    ),
  ]);
  return ejs.renderFile(TEMPLATE, {
    customer,
    openCents,
    invoices: invoices.rows,
    format: FORMATS,
  });
}
