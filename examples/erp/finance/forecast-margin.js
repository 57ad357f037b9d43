/** How much margin next quarter may bring: a simulation over the best-selling products. */
import { seededRandom } from '../load/random.js';

/** So many that even a fast machine is blocked for longer than the agent lets pass (100 ms). */
const RUNS = 40_000;
const PRODUCTS_MAX = 160;
/** Weekly demand varies by about this share around its mean. */
const DEMAND_SPREAD = 0.35;
const WEEKS = 13;

/** @param {import('pg').Pool} pool */
export async function forecastMargin(pool) {
  const { rows: products } = await pool.query(
    `SELECT p.id, p.price_cents - p.cost_cents AS margin_cents, sum(l.quantity)::float8 / 52 AS weekly_units
     FROM sales_order_lines l JOIN products p ON p.id = l.product_id
     GROUP BY p.id ORDER BY weekly_units DESC, p.id LIMIT $1`,
    [PRODUCTS_MAX],
  );
  return simulateQuarter(products);
}

/**
 * @param {{ margin_cents: number, weekly_units: number }[]} products
 * @returns {{ p10Cents: number, p50Cents: number, p90Cents: number, runs: number }}
 */
export function simulateQuarter(products) {
  const random = seededRandom(RUNS);
  const outcomes = [];
  for (let run = 0; run < RUNS; run++) {
    let marginCents = 0;
    for (const product of products) {
      const swing = Math.exp(DEMAND_SPREAD * (random() + random() + random() - 1.5));
      marginCents += product.margin_cents * product.weekly_units * swing * WEEKS;
    }
    outcomes.push(marginCents);
  }
  outcomes.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => Math.round(outcomes[Math.floor(RUNS * share)] ?? 0);
  return { p10Cents: at(0.1), p50Cents: at(0.5), p90Cents: at(0.9), runs: RUNS };
}
