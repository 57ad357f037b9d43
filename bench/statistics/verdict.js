/** From an interval and a bar to a verdict. A claim is the upper end of the interval, not its middle. */
import { ROUNDS_FOR_A_CLAIM_MIN } from './bootstrap.js';

/** @typedef {import('./bootstrap.js').Interval} Interval */
const NOISE_SHARE_MAX = 0.25;

/** @typedef {'holds' | 'missed' | 'cannot tell'} Verdict */

/**
 * Holds when the whole interval is at or below the bar, missed when all of it is above; otherwise, or with
 * too few rounds, it cannot be told.
 *
 * @param {Interval} interval
 * @param {number} bar
 * @returns {Verdict}
 */
export function verdictOf(interval, bar) {
  if (interval.rounds < ROUNDS_FOR_A_CLAIM_MIN) return 'cannot tell';
  if (interval.high <= bar) return 'holds';
  return interval.low > bar ? 'missed' : 'cannot tell';
}

/**
 * Whether there is no change beyond the noise floor: how far apart two runs of the same thing were found. A floor
 * above NOISE_SHARE_MAX of the thing itself would let any change pass.
 *
 * @param {Interval} interval
 * @param {Interval} noise
 * @param {number} baseline
 * @returns {Verdict}
 */
export function verdictWithinNoise(interval, noise, baseline) {
  const floor = Math.max(Math.abs(noise.low), Math.abs(noise.high));
  return floor > baseline * NOISE_SHARE_MAX ? 'cannot tell' : verdictOf(interval, floor);
}
