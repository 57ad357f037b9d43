/**
 * What is compared. One row is one arm: a way to start the same application. Peers (peers/) are further arms.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BenchError } from './bench-error.js';
import { TACHOGRAPH } from './sinks/tachograph.js';

/**
 * @typedef {object} Arm
 * @property {string} name
 * @property {'baseline' | 'repeat' | 'treatment' | 'peer'} role repeat: the baseline again, whose difference is the
 *   noise floor. treatment: ours, which the bars are about.
 * @property {string} [binary] The Node.js that runs it; the one that runs the bench when absent.
 * @property {readonly string[]} execArgv Node's own flags.
 * @property {(place: Place) => Record<string, string>} env
 * @property {import('./sinks/sink.js').Protocol} [protocol] How it exports: every request must be found in what the
 *   sink received. An arm without one must export nothing.
 * @property {number} [addedUs] About what it adds to a request: sizes the runs, nothing else.
 * @property {number} [endMsMax] How long its process may take to end, for an arm that is slowed down on purpose.
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
  { name: 'off', role: 'baseline', execArgv: [], env: () => ({}) },
  { name: 'off2', role: 'repeat', execArgv: [], env: () => ({}) },
  {
    name: 'on',
    role: 'treatment',
    execArgv: ['--import', REGISTER.href],
    // Everything else is the default: what is measured is what a user gets.
    env: ({ sinkUrl, spoolDir }) => ({ TACHOGRAPH_URL: sinkUrl, TACHOGRAPH_SPOOL_DIR: spoolDir }),
    protocol: TACHOGRAPH,
    marker: 'tachograph.started',
  },
];

/**
 * @param {import('./peers/peers.js').Peer} peer
 * @param {string} folder Where it is installed, with a slash at the end.
 * @returns {Arm}
 */
export function armOfPeer({ name, preload, env, protocol, addedUs }, folder) {
  return {
    name,
    role: 'peer',
    execArgv: ['--import', new URL(`peers/preloads/${preload}`, import.meta.url).href],
    env: ({ sinkUrl }) => ({ ...env(sinkUrl), BENCH_PEER_FOLDER: folder }),
    protocol,
    addedUs,
    marker: `bench.${name}`,
  };
}

/**
 * The same arm as `node --require` loads it; none for peers, whose guides name `--import`.
 *
 * @param {Arm} arm
 * @returns {Arm[]}
 */
export function preloadedByRequire(arm) {
  if (arm.role === 'peer') return [];
  if (arm.role !== 'treatment') return [arm];
  return [{ ...arm, execArgv: ['--require', fileURLToPath(REGISTER)] }];
}

/** @throws {BenchError} when the agent is not built. */
export function assertBuilt() {
  for (const file of [REGISTER, WORKER]) {
    if (existsSync(file)) continue;
    throw new BenchError(
      `expected the built agent at ${fileURLToPath(file)}, found no such file. Run "npm run build" first.`,
    );
  }
}
