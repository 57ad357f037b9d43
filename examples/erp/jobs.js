/** What runs without anybody asking: revaluation of the stock and proposals to reorder. */
import { Cron } from 'croner';
import { calculateInventory } from './inventory/calculate-inventory.js';
import { proposeReorders } from './purchasing/propose-reorders.js';

/** Often, so that a demo of one minute sees them several times. */
const REVALUATION = '*/10 * * * * *';
const REORDER = '5-59/15 * * * * *';
/** Valuations of about a day at this pace. */
const VALUATIONS_MAX = 25_000;

/**
 * @param {import('./server.js').Erp} erp
 * @returns {() => void} Stops them.
 */
export function startJobs(erp) {
  const jobs = [
    scheduled('stock-revaluation', REVALUATION, () => revalueStock(erp)),
    scheduled('reorder-proposals', REORDER, () => proposeReorders(erp.pool)),
  ];
  return () => {
    for (const job of jobs) job.stop();
  };
}

/**
 * @param {string} name
 * @param {string} pattern
 * @param {() => Promise<unknown>} work
 */
function scheduled(name, pattern, work) {
  return new Cron(
    pattern,
    {
      name,
      // Not a second time while the first still runs.
      protect: true,
      unref: true,
      catch: (error) => console.error(`erp: job ${name} failed: ${error}`),
    },
    work,
  );
}

/** @param {import('./server.js').Erp} erp */
export async function revalueStock(erp) {
  const warehouses = await calculateInventory(erp.pool);
  await erp.pool.query(
    `INSERT INTO stock_valuations (warehouse_id, value_cents, units, valued_at)
     SELECT id, value, units, now() FROM unnest($1::int[], $2::bigint[], $3::int[]) AS v (id, value, units)`,
    [
      warehouses.map((row) => row.warehouse_id),
      warehouses.map((row) => row.value_cents),
      warehouses.map((row) => row.units),
    ],
  );
  await erp.pool.query(
    'DELETE FROM stock_valuations WHERE id <= (SELECT max(id) - $1 FROM stock_valuations)',
    [VALUATIONS_MAX],
  );
}
