/**
 * The median of a few rounds with a 95 % interval by the percentile bootstrap (Efron 1979). Rounds are the
 * unit: each is fresh processes, so they are independent as single requests of a process are not.
 */
import { median, quantileOfSorted } from './quantile.js';

/**
 * @typedef {object} Interval
 * @property {number} median
 * @property {number} low
 * @property {number} high
 * @property {number} rounds
 */

const RESAMPLES = 10_000;
/**
 * The widest interval that n values allow is their range, and it misses the median with probability
 * 2 × 0.5^n: 6 % of the time with 5 rounds, 3 % with 6. Fewer than 6 cannot carry a claim at 95 %.
 */
export const ROUNDS_FOR_A_CLAIM_MIN = 6;

/**
 * @param {readonly number[]} values One of each round.
 * @param {import('./random.js').Random} random
 * @returns {Interval}
 * @throws {RangeError} when there is no value.
 */
export function medianInterval(values, random) {
  const center = median(values);
  const medians = new Float64Array(RESAMPLES);
  const resample = new Float64Array(values.length);
  for (let i = 0; i < RESAMPLES; i++) {
    for (let k = 0; k < resample.length; k++) {
      resample[k] = /** @type {number} */ (values[Math.floor(random() * values.length)]);
    }
    medians[i] = quantileOfSorted(resample.sort(), 0.5);
  }
  medians.sort();
  return {
    median: center,
    low: quantileOfSorted(medians, 0.025),
    high: quantileOfSorted(medians, 0.975),
    rounds: values.length,
  };
}
