/** A new sales order: checks its input, prices its lines, stores it as "open". */
import { recordAudit } from '../audit/record-audit.js';
import { inTransaction } from '../platform/database.js';
import { HttpError } from '../platform/http-error.js';
import { readFields } from '../platform/validation.js';

const LINES_MAX = 50;
/** @type {Record<string, import('../platform/validation.js').Rule>} */
const LINE_RULES = {
  productId: { kind: 'integer' },
  quantity: { kind: 'integer', max: 10_000 },
};

/**
 * @param {any} input A body with customerId and lines of productId and quantity.
 * @returns {{ customerId: number, lines: { productId: number, quantity: number }[] }}
 */
export function readOrder(input) {
  const { customerId } = readFields(input, { customerId: { kind: 'integer' } });
  const lines = Array.isArray(input.lines) ? input.lines : [];
  if (lines.length < 1 || lines.length > LINES_MAX) {
    throw new HttpError(400, 'Please check the input', { lines: `expected 1 to ${LINES_MAX}` });
  }
  const checked = lines.map((/** @type {any} */ line) => readFields(line, LINE_RULES));
  return { customerId, lines: /** @type {any} */ (checked) };
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} userId
 * @param {ReturnType<typeof readOrder>} order
 * @returns {Promise<{ id: number, totalCents: number }>}
 */
export function createOrder(pool, userId, { customerId, lines }) {
  return inTransaction(pool, async (client) => {
    const customer = await client.query('SELECT id FROM customers WHERE id = $1', [customerId]);
    const products = await client.query(
      'SELECT id, price_cents FROM products WHERE id = ANY ($1)',
      [lines.map((line) => line.productId)],
    );
    const prices = new Map(products.rows.map((row) => [row.id, row.price_cents]));
    if (customer.rowCount === 0 || lines.some((line) => !prices.has(line.productId))) {
      throw new HttpError(400, 'Unknown customer or product');
    }
    const totalCents = lines.reduce(
      (sum, line) => sum + line.quantity * prices.get(line.productId),
      0,
    );
    const inserted = await client.query(
      `INSERT INTO sales_orders (customer_id, clerk_id, status, total_cents, ordered_at)
       SELECT $1, employee_id, 'open', $3, now() FROM users WHERE id = $2 RETURNING id`,
      [customerId, userId, totalCents],
    );
    const id = inserted.rows[0].id;
    await client.query(
      `INSERT INTO sales_order_lines (order_id, line, product_id, quantity, price_cents)
       SELECT $1, ordinality, product_id, quantity, price_cents
       FROM unnest($2::int[], $3::int[], $4::int[]) WITH ORDINALITY AS l (product_id, quantity, price_cents)`,
      [
        id,
        lines.map((line) => line.productId),
        lines.map((line) => line.quantity),
        lines.map((line) => prices.get(line.productId)),
      ],
    );
    await recordAudit(client, { userId, action: 'create', entity: 'sales_order', entityId: id });
    return { id, totalCents };
  });
}
