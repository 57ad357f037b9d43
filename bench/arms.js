/**
 * What is compared. One row is one arm: a way to start the same application. A peer is one more row with the
 * role `treatment`; nothing else names arms.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BenchError } from './bench-error.js';

/**
 * @typedef {object} Arm
 * @property {string} name
 * @property {'baseline' | 'repeat' | 'treatment'} role repeat: the baseline again, whose difference is the noise floor.
 * @property {readonly string[]} execArgv Node's own flags.
 * @property {(place: Place) => Record<string, string>} env
 * @property {boolean} reachesSink Whether every request must be found in what the sink received.
 * @property {string} [marker] A global symbol (`Symbol.for`) that only this arm sets: proof that it was loaded.
 */

/**
 * @typedef {object} Place What a run gives to its arm.
 * @property {string} sinkUrl
 * @property {string} spoolDir A new, empty folder.
 */

const REGISTER = new URL('../dist/register.js', import.meta.url);
const WORKER = new URL('../dist/workers/agent-worker.js', import.meta.url);

/** @type {readonly Arm[]} */
export const ARMS = [
  { name: 'off', role: 'baseline', execArgv: [], env: () => ({}), reachesSink: false },
  { name: 'off2', role: 'repeat', execArgv: [], env: () => ({}), reachesSink: false },
  {
    name: 'on',
    role: 'treatment',
    execArgv: ['--import', REGISTER.href],
    // Everything else is the default: what is measured is what a user gets.
    env: ({ sinkUrl, spoolDir }) => ({ TACHOGRAPH_URL: sinkUrl, TACHOGRAPH_SPOOL_DIR: spoolDir }),
    reachesSink: true,
    marker: 'tachograph.started',
  },
];

/** @throws {BenchError} when the agent is not built. */
export function assertBuilt() {
  for (const file of [REGISTER, WORKER]) {
    if (existsSync(file)) continue;
    throw new BenchError(
      `expected the built agent at ${fileURLToPath(file)}, found no such file. Run "npm run build" first.`,
    );
  }
}
