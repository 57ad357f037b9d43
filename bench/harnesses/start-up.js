/**
 * What the application waits for before its first line: CPU of its thread and wall time, for both kinds of entry. A
 * CommonJS application may preload by `--require` too, and is spared Node's own ES module loader.
 */

import { preloadedByRequire } from '../arms.js';
import { BenchError } from '../bench-error.js';
import { startArmProcess } from '../processes/arm-process.js';
import { runRounds } from './run-rounds.js';

/** @typedef {{ subject: string, script: string, byRequire?: boolean }} Entry */

/** @type {readonly Entry[]} */
const ENTRIES = [
  { subject: 'ESM entry', script: 'first-line.js' },
  // Has loaded node:net by itself, which is two fifths of what the agent costs the one above.
  { subject: 'ESM entry of a server', script: 'first-line-server.js' },
  { subject: 'CJS entry', script: 'first-line.cjs' },
  { subject: 'CJS entry, --require', script: 'first-line.cjs', byRequire: true },
];
/**
 * What instrumenting costs, and loading what does: the libraries themselves are in all arms.
 * @type {readonly Entry[]}
 */
const LIBRARY_ENTRIES = [
  { subject: 'ESM entry, 15 libraries', script: 'first-line-libraries.js' },
  { subject: 'CJS entry, 15 libraries', script: 'first-line-libraries.cjs' },
];

/** @type {import('./rows.js').Harness} */
export async function startUp(context) {
  const { rounds, withLibraries } = context.plan.startUp;
  const rows = [];
  const entries = withLibraries ? [...ENTRIES, ...LIBRARY_ENTRIES] : ENTRIES;
  for (const { subject, script, byRequire = false } of entries) {
    if (byRequire && !canRequireModules(context.node.version)) continue;
    const what = { harness: 'start-up', subject, rounds, headline: 'appCpuMs' };
    const arms = byRequire ? context.arms.flatMap(preloadedByRequire) : context.arms;
    rows.push(...(await runRounds({ ...context, arms }, what, (arm) => runOnce(arm, script))));
  }
  return rows;
}

/**
 * Whether CommonJS can require ES modules, as the preload is one.
 *
 * @param {string} version Of Node.js.
 */
function canRequireModules(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 20 ? minor >= 19 : major > 22 || (major === 22 && minor >= 12);
}

/**
 * @param {import('../arms.js').Arm} arm
 * @param {string} script
 */
async function runOnce(arm, script) {
  const child = await startArmProcess(arm, script, { marker: arm.marker });
  const { firstLineMs, appCpuUs, isMarked } = await child.nextMessage();
  await child.finish();
  if (isMarked !== (arm.marker !== undefined)) {
    throw new BenchError(
      `arm ${arm.name}: expected the global symbol ${arm.marker} ${arm.marker ? '' : 'not '}to be set at the first line; ` +
        'was the agent loaded?',
    );
  }
  return { appCpuMs: appCpuUs / 1000, wallMs: firstLineMs - child.spawnedMs };
}
