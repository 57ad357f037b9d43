/** Quantiles of a few values, exact: everything is kept and sorted. */

/**
 * Linear between neighbours (type 7 of Hyndman and Fan, as R and NumPy do by default).
 *
 * @param {readonly number[]} values
 * @param {number} share 0 is the minimum, 0.5 the median, 1 the maximum.
 * @returns {number}
 * @throws {RangeError} when there is no value.
 */
export function quantile(values, share) {
  return quantileOfSorted(Float64Array.from(values).sort(), share);
}

/**
 * @param {readonly number[]} values
 * @returns {number}
 */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * The same of values that are sorted already.
 *
 * @param {ArrayLike<number>} sorted Ascending.
 * @param {number} share
 * @returns {number}
 */
export function quantileOfSorted(sorted, share) {
  if (sorted.length === 0) throw new RangeError('quantile: expected at least one value, got none');
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = /** @type {number} */ (sorted[below]);
  const high = sorted[below + 1] ?? low;
  return low + (high - low) * (position - below);
}
