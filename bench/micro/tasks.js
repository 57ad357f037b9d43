/**
 * Small parts on their own. One row is one task: `setup` builds what it needs and returns what is timed, which
 * does `calls` calls at once so that the timer's own cost does not count. Results are ns a call.
 */
import { batchTasks } from './batch.js';
import { clockTasks } from './clock.js';
import { histogramTasks } from './histogram.js';
import { ingestTasks } from './ingest.js';
import { recordTasks } from './record.js';
import { yardstickTasks } from './yardstick.js';

/**
 * What is timed; with `prepare`, what comes before each time and is not.
 *
 * @typedef {(() => void) | { prepare: () => void, run: () => Promise<void> }} Timed
 */

/**
 * @typedef {object} MicroTask
 * @property {string} name Key of the value in the row.
 * @property {number} calls
 * @property {(random: import('../statistics/random.js').Random) => Timed | Promise<Timed>} setup
 */

/** @type {readonly MicroTask[]} */
export const MICRO_TASKS = [
  ...yardstickTasks,
  ...clockTasks,
  ...recordTasks,
  ...histogramTasks,
  ...batchTasks,
  ...ingestTasks,
];
