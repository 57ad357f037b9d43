/**
 * Two runs held against each other, figure by figure: faster, slower, unchanged, or cannot tell. Each run brings its
 * own interval, so that a calm baseline and a busy machine today are both given their due.
 */
import { ROUNDS_FOR_A_CLAIM_MIN } from '../statistics/bootstrap.js';
import { marginOf } from './basis.js';

/** @typedef {import('../statistics/bootstrap.js').Interval} Interval */
/** @typedef {import('./figures.js').Figure} Figure */
/** @typedef {import('./baseline-file.js').EarlierRun} EarlierRun */

/** @typedef {'faster' | 'slower' | 'unchanged' | 'cannot tell'} ChangeVerdict */

/**
 * @typedef {object} Change
 * @property {Figure} before
 * @property {Figure} after
 * @property {Interval} difference after − before, divided as the figures are.
 * @property {ChangeVerdict} verdict
 * @property {boolean} isGrave A regression that is certain and large.
 */

/** The measures whose large regressions fail a build: the harness with the least noise, the cost that is promised. */
const WATCHED = { harness: 'in-memory', value: 'processCpuUs' };
/** Large: the added cost is more than this many times the earlier … */
const GRAVE_TIMES = 2;
/** … and has grown by more than this, which is more than identical processes differ by. */
const GRAVE_US = 3;

/**
 * @param {EarlierRun} earlier
 * @param {readonly Figure[]} figures
 * @param {Pick<import('../machine/describe-machine.js').Machine, 'node' | 'processor'>} machine
 * @returns {Change[]} For each figure that both runs have.
 */
export function changesSince(earlier, figures, machine) {
  const sameNode = major(earlier.run.machine.node) === major(machine.node);
  const sameProcessor = earlier.run.machine.processor === machine.processor;
  return figures.flatMap((after) => {
    const before = earlier.figures.find((figure) => keyOf(figure) === keyOf(after));
    if (before === undefined || before.basis !== after.basis) return [];
    const isComparable = sameNode && (sameProcessor || after.basis !== 'machine');
    return [changeOf(before, after, isComparable)];
  });
}

/**
 * @param {Figure} before
 * @param {Figure} after
 * @param {boolean} isComparable
 * @returns {Change}
 */
function changeOf(before, after, isComparable) {
  const difference = minus(after.cost, before.cost);
  const canTell = isComparable && difference.rounds >= ROUNDS_FOR_A_CLAIM_MIN;
  const margin = marginOf(after.basis, before.cost.median);
  return {
    before,
    after,
    difference,
    verdict: canTell ? verdictOfChange(difference, margin) : 'cannot tell',
    isGrave: canTell && isGrave(before, after, difference),
  };
}

/**
 * Slower and faster when the whole interval lies beyond the margin, unchanged when all of it lies within.
 *
 * @param {Interval} difference
 * @param {number} margin
 * @returns {ChangeVerdict}
 */
function verdictOfChange({ low, high }, margin) {
  if (low > margin) return 'slower';
  if (high < -margin) return 'faster';
  return low >= -margin && high <= margin ? 'unchanged' : 'cannot tell';
}

/**
 * Certain: the whole interval is past both thresholds.
 *
 * @param {Figure} before
 * @param {Figure} after
 * @param {Interval} difference
 */
function isGrave(before, after, difference) {
  if (after.harness !== WATCHED.harness || after.value !== WATCHED.value) return false;
  const beyond = minus(after.cost, times(before.cost, GRAVE_TIMES));
  return beyond.low > 0 && difference.low * after.scale > GRAVE_US;
}

/**
 * The interval of a difference from those of its parts (MOVER: Zou and Donner 2008). It needs neither equal
 * variances nor symmetry.
 *
 * @param {Interval} a
 * @param {Interval} b
 * @returns {Interval}
 */
function minus(a, b) {
  const median = a.median - b.median;
  return {
    median,
    low: median - Math.hypot(a.median - a.low, b.high - b.median),
    high: median + Math.hypot(a.high - a.median, b.median - b.low),
    rounds: Math.min(a.rounds, b.rounds),
  };
}

/**
 * @param {Interval} of
 * @param {number} factor
 * @returns {Interval}
 */
function times({ median, low, high, rounds }, factor) {
  return { median: median * factor, low: low * factor, high: high * factor, rounds };
}

/** @param {Figure} figure */
function keyOf({ harness, value, subject }) {
  return `${harness} ${value} ${subject}`;
}

/** @param {string} version */
function major(version) {
  return version.split('.', 1)[0];
}
