/** Runs the harnesses of the plan, one after the other, with what their workloads stand on. */
import { needsDatabase } from '../plan.js';
import { openDatabase } from '../processes/database.js';
import { HARNESSES } from './harnesses.js';

/**
 * @param {Omit<import('./rows.js').HarnessContext, 'resources'>} context
 * @returns {Promise<import('./rows.js').Row[]>}
 */
export async function runHarnesses(context) {
  const { plan, progress } = context;
  const database = needsDatabase(plan) ? await openDatabase(progress) : undefined;
  try {
    const resources = database === undefined ? {} : { databaseUrl: database.url };
    const rows = [];
    for (const [name, harness] of Object.entries(HARNESSES)) {
      if (!plan.harnesses.includes(name)) continue;
      rows.push(...(await harness({ ...context, resources })));
    }
    return rows;
  } finally {
    await database?.stop();
  }
}
