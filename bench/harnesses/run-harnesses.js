/** Runs the harnesses that were chosen, one after the other, with what their workloads stand on. */
import { needsDatabase } from '../plan.js';
import { openDatabase } from '../processes/database.js';
import { HARNESSES } from './harnesses.js';

/**
 * @param {Omit<import('./rows.js').HarnessContext, 'resources'>} context
 * @param {readonly string[] | undefined} chosen All when undefined.
 * @returns {Promise<import('./rows.js').Row[]>}
 */
export async function runHarnesses(context, chosen) {
  const { plan, progress } = context;
  const database = needsDatabase(plan, chosen) ? await openDatabase(progress) : undefined;
  try {
    const resources = database === undefined ? {} : { databaseUrl: database.url };
    const rows = [];
    for (const [name, harness] of Object.entries(HARNESSES)) {
      if (chosen !== undefined && !chosen.includes(name)) continue;
      rows.push(...(await harness({ ...context, resources })));
    }
    return rows;
  } finally {
    await database?.stop();
  }
}
