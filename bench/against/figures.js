/** What of a run's findings can be held against another run: one figure for each cost of the agent. */
import { basisOf, YARDSTICK } from './basis.js';

/** @typedef {import('../statistics/bootstrap.js').Interval} Interval */
/** @typedef {import('../report/summarise.js').Comparison} Comparison */
/** @typedef {import('../report/summarise.js').Cost} Cost */

/**
 * @typedef {object} Figure
 * @property {string} harness
 * @property {string} value
 * @property {string} subject
 * @property {string} title
 * @property {string} unit
 * @property {import('./basis.js').Basis} basis
 * @property {number} scale In the unit: what the cost was divided by; 1 where it was not.
 * @property {Interval} cost Divided by `scale`.
 */

/** Peers are there to compare with, not to be watched. */
const OWN_ARM = 'on';

/**
 * @param {{ comparisons: readonly Comparison[], costs: readonly Cost[] }} findings
 * @returns {Figure[]}
 */
export function figuresOf({ comparisons, costs }) {
  const yardstick = costs.find(({ measure }) => measure.value === YARDSTICK)?.interval;
  return [
    ...comparisons.filter(({ arm }) => arm === OWN_ARM).flatMap(figureOfComparison),
    ...costs.flatMap((cost) => figureOfCost(cost, yardstick)),
  ];
}

/**
 * @param {Comparison} comparison
 * @returns {Figure[]}
 */
function figureOfComparison({ measure, subject, baseline, difference, ratio }) {
  const basis = basisOf(measure);
  if (basis === undefined) return [];
  if (basis !== 'off') return [{ ...nameOf(measure, subject), basis, scale: 1, cost: difference }];
  if (ratio === undefined) return [];
  const { median, low, high, rounds } = ratio;
  const cost = { median: median - 1, low: low - 1, high: high - 1, rounds };
  return [{ ...nameOf(measure, subject), basis, scale: baseline.median, cost }];
}

/**
 * @param {Cost} cost
 * @param {Interval | undefined} yardstick
 * @returns {Figure[]}
 */
function figureOfCost({ measure, subject, interval }, yardstick) {
  const basis = basisOf(measure);
  if (basis === undefined) return [];
  const name = nameOf(measure, subject);
  if (basis !== 'yardstick') return [{ ...name, basis, scale: 1, cost: interval }];
  if (yardstick === undefined) return [];
  // The yardstick is in ns and the measure in its own unit.
  const scale = yardstick.median / measure.per;
  return [{ ...name, basis, scale, cost: quotient(interval, yardstick, measure.per) }];
}

/** @param {import('../measures.js').Measure} measure @param {string} subject */
function nameOf({ harness, value, title, unit }, subject) {
  return { harness, value, subject, title, unit };
}

/**
 * The interval of a quotient from those of its parts, on the logarithmic scale, where quotients are differences
 * (MOVER: Zou and Donner 2008).
 *
 * @param {Interval} of
 * @param {Interval} by
 * @param {number} per
 * @returns {Interval}
 */
function quotient(of, by, per) {
  const median = (of.median * per) / by.median;
  const down = Math.hypot(Math.log(of.median / of.low), Math.log(by.high / by.median));
  const up = Math.hypot(Math.log(of.high / of.median), Math.log(by.median / by.low));
  return {
    median,
    low: median * Math.exp(-down),
    high: median * Math.exp(up),
    rounds: Math.min(of.rounds, by.rounds),
  };
}
