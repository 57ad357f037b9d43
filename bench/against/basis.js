/**
 * In what a cost can be compared with the same cost of another run. The time of two machines, or of one machine on
 * two days, is not the same time: a time is divided by something of its own run that our changes leave alone. Bytes
 * and counts are what they are. Chosen by unit, so that a new measure needs no row here.
 */

/**
 * `off`: divided by the same run without the agent. `yardstick`: divided by the yardstick of its run, where there is
 * no run without. `absolute`: as it is. `machine`: as it is, and only between runs on the same processor.
 *
 * @typedef {'off' | 'yardstick' | 'absolute' | 'machine'} Basis
 */

/** @typedef {import('../measures.js').Measure} Measure */

const TIMES = new Set(['ns', 'µs', 'ms', 'µs/request']);
const AMOUNTS = new Set(['B', 'KiB', 'MB', 'B/request', 'k/request', '/s', '/min', '%', '×']);
/** A server that rests without the agent takes next to no CPU: nothing to divide by. */
const SHARES_OF_A_CORE = new Set(['% of a core']);

/** The extreme of a run's million calls, or of its ten thousand turns, is that run's worst luck. */
const EXTREMES = new Set(['longestCallUs', 'maxMs']);

/** The value of the micro harness that divides the others. */
export const YARDSTICK = 'yardstickNs';

/**
 * @param {Pick<Measure, 'kind' | 'unit' | 'value'>} measure
 * @returns {Basis | undefined} undefined for what is not compared with other runs.
 * @throws {RangeError} for a unit that is in none of the lists.
 */
export function basisOf({ kind, unit, value }) {
  if (EXTREMES.has(value) || value === YARDSTICK) return undefined;
  // Of a time that was chosen for that run.
  if (kind === 'interval') return undefined;
  if (TIMES.has(unit)) return kind === 'compared' ? 'off' : 'yardstick';
  if (AMOUNTS.has(unit)) return 'absolute';
  if (SHARES_OF_A_CORE.has(unit)) return 'machine';
  throw new RangeError(
    `basis: expected a unit that is listed in bench/against/basis.js, got ${unit}`,
  );
}

/**
 * The change that is worth a word, in the unit of the basis. Within it either way a cost is unchanged, however
 * exactly it was measured: two builds of the same code differ by a few percent.
 *
 * @param {Basis} basis
 * @param {number} before The cost.
 * @returns {number}
 */
export function marginOf(basis, before) {
  const size = Math.abs(before);
  switch (basis) {
    case 'off':
      // A cost of 0.1 % may double before anybody could see it in the whole.
      return Math.max(size * 0.1, 0.01);
    case 'yardstick':
    case 'machine':
      return size * 0.1;
    case 'absolute':
      return size * 0.02;
  }
}
