/**
 * Runs the ERP as a process:
 *
 *   ERP_DATABASE_URL=postgres://… PORT=3000 node examples/erp/app.js
 *
 * Prints one line when it listens. SIGTERM and SIGINT close it: requests under way are answered, then exit 0.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { startJobs } from './jobs.js';
import { readConfig } from './platform/config.js';
import { createErp } from './server.js';

async function main() {
  const config = readConfig(process.env);
  const carrier = config.carrierUrl ? undefined : fork(new URL('carrier.js', import.meta.url));
  const carrierUrl = config.carrierUrl ?? (carrier && (await urlOf(carrier)));
  const erp = createErp({ databaseUrl: config.databaseUrl, carrierUrl });
  await erp.pool.query('SELECT 1 FROM sales_orders LIMIT 1');
  const url = await erp.listen(config.port);
  const stopJobs = config.jobs ? startJobs(erp) : () => {};
  console.log(`ERP listening on ${url}`);

  let closing = false;
  const close = async () => {
    if (closing) return;
    closing = true;
    stopJobs();
    await erp.close();
    if (carrier?.connected) carrier.disconnect();
    process.exit(0);
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
}

/**
 * @param {import('node:child_process').ChildProcess} carrier
 * @returns {Promise<string>}
 */
async function urlOf(carrier) {
  const [message] = await once(carrier, 'message');
  return message.url;
}

main().catch((error) => {
  const hint =
    error.code === '42P01' ? ' The tables are missing: run node examples/erp/seed.js first.' : '';
  console.error(`ERP did not start: ${error.message}${hint}`);
  process.exit(1);
});
