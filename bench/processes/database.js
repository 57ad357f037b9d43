/**
 * The PostgreSQL of workloads that need one: started once for a run, filled with the example ERP's data, gone with
 * this process. A server that TACHOGRAPH_TEST_POSTGRES_URL names is filled too, and its tables of the ERP replaced.
 */
import { seed } from '../../examples/erp/seed.js';
import { ServiceError } from '../../scripts/services/error.js';
import { SERVICES, startService } from '../../scripts/services.js';
import { BenchError } from '../bench-error.js';

/** Whether there is one without installing anything. */
export function isDatabaseHere() {
  const { urlVariable, find } = /** @type {import('../../scripts/services.js').Service} */ (
    SERVICES.postgres
  );
  return Boolean(process.env[urlVariable]) || find() !== undefined;
}

/**
 * @param {(line: string) => void} progress
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 * @throws {BenchError} when there is none and none can be installed.
 */
export async function openDatabase(progress) {
  progress('starting PostgreSQL and filling it with orders');
  try {
    const { url, stop } = await startService('postgres');
    await seed(url);
    return { url, stop };
  } catch (error) {
    if (error instanceof ServiceError) throw new BenchError(error.message);
    throw error;
  }
}
