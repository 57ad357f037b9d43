/** Business operation dashboard_data_aggregation: the figures of the front page. */

/**
 * @param {import('pg').Pool} pool
 */
export async function aggregateDashboard(pool) {
  const [sales, months, open, stock, production, quality, topProducts] = await Promise.all([
    one(
      pool,
      `SELECT count(*)::int AS orders, coalesce(sum(total_cents), 0)::float8 AS total_cents
       FROM sales_orders WHERE ordered_at > ${businessDate} - interval '30 days' AND status <> 'cancelled'`,
    ),
    all(
      pool,
      `SELECT to_char(date_trunc('month', ordered_at), 'YYYY-MM') AS month, sum(total_cents)::float8 AS total_cents
       FROM sales_orders WHERE status <> 'cancelled' GROUP BY 1 ORDER BY 1 DESC LIMIT 12`,
    ),
    one(pool, `SELECT count(*)::int AS count FROM sales_orders WHERE status = 'open'`),
    one(
      pool,
      `SELECT sum(s.quantity * p.cost_cents::bigint)::float8 AS value_cents,
         count(*) FILTER (WHERE s.quantity < p.reorder_point)::int AS below_reorder
       FROM stock_levels s JOIN products p ON p.id = s.product_id`,
    ),
    all(
      pool,
      'SELECT status, count(*)::int AS count FROM production_orders GROUP BY status ORDER BY status',
    ),
    one(
      pool,
      `SELECT count(*) FILTER (WHERE status = 'pending')::int AS pending,
         coalesce(sum(defects)::float8 / nullif(sum(sample_size), 0), 0) AS defect_share FROM quality_checks`,
    ),
    all(
      pool,
      `SELECT p.id, p.name, sum(l.quantity)::int AS units FROM sales_order_lines l
       JOIN sales_orders o ON o.id = l.order_id JOIN products p ON p.id = l.product_id
       WHERE o.ordered_at > ${businessDate} - interval '30 days'
       GROUP BY p.id, p.name ORDER BY units DESC, p.id LIMIT 8`,
    ),
  ]);
  return { sales, months: months.reverse(), open, stock, production, quality, topProducts };
}

/** The seeded company lives in its own time; see seed/rows.js. */
const businessDate = `(SELECT value::timestamptz FROM settings WHERE key = 'business_date')`;

/**
 * @param {import('pg').Pool} pool
 * @param {string} sql
 */
async function all(pool, sql) {
  return (await pool.query(sql)).rows;
}

/**
 * @param {import('pg').Pool} pool
 * @param {string} sql
 */
async function one(pool, sql) {
  return (await all(pool, sql))[0];
}
