/** Business operation financial_report_generate: profit and loss by month, with margins by category. */

const MONTHS_MAX = 24;

/**
 * @param {import('pg').Pool} pool
 * @param {number} months How many to look back, newest first.
 */
export async function generateReport(pool, months) {
  const monthsBack = Math.min(months, MONTHS_MAX);
  const [byMonth, byCategory, balance] = await Promise.all([
    pool.query(
      `SELECT to_char(date_trunc('month', e.booked_on), 'YYYY-MM') AS month,
         -sum(e.amount_cents) FILTER (WHERE a.kind = 'income')::float8 AS income_cents,
         sum(e.amount_cents) FILTER (WHERE a.kind = 'expense')::float8 AS expense_cents
       FROM ledger_entries e JOIN accounts a ON a.code = e.account
       GROUP BY 1 ORDER BY 1 DESC LIMIT $1`,
      [monthsBack],
    ),
    pool.query(
      `SELECT p.category, sum(l.quantity)::int AS units, sum(l.quantity * l.price_cents::bigint)::float8 AS sales_cents,
         sum(l.quantity * (l.price_cents - p.cost_cents)::bigint)::float8 AS margin_cents
       FROM sales_order_lines l JOIN products p ON p.id = l.product_id
       JOIN sales_orders o ON o.id = l.order_id WHERE o.status = 'shipped'
       GROUP BY p.category ORDER BY sales_cents DESC`,
    ),
    pool.query(
      `SELECT a.code, a.name, coalesce(sum(e.amount_cents), 0)::float8 AS balance_cents
       FROM accounts a LEFT JOIN ledger_entries e ON e.account = a.code
       GROUP BY a.code, a.name ORDER BY a.code`,
    ),
  ]);
  return { byMonth: byMonth.rows, byCategory: byCategory.rows, balance: balance.rows };
}
