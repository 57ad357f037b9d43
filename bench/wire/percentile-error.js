/** How far percentiles read from a histogram are from those of the values themselves. */

/** p50, p90, p95, p99: what dashboards show. */
export const PERMILLES = [500, 900, 950, 990];

/**
 * Exact percentiles by nearest rank: the smallest value with at least that share at or below it.
 *
 * @param {readonly number[]} values At least one.
 * @returns {number[]} One for each of PERMILLES.
 */
export function exactPercentiles(values) {
  const sorted = Float64Array.from(values).sort();
  return PERMILLES.map(
    (permille) => /** @type {number} */ (sorted[rankOf(permille, values.length) - 1]),
  );
}

/**
 * @param {number} permille
 * @param {number} count
 * @returns {number} From 1.
 */
export function rankOf(permille, count) {
  return Math.max(1, Math.ceil((permille * count) / 1000));
}

/**
 * The worst of all percentiles of all series.
 *
 * @param {readonly (readonly number[])[]} read
 * @param {readonly (readonly number[])[]} exact
 * @returns {number} Percent of the exact value.
 */
export function worstErrorPercent(read, exact) {
  let worst = 0;
  for (const [series, percentiles] of exact.entries()) {
    for (const [i, value] of percentiles.entries()) {
      const came = /** @type {number} */ (read[series]?.[i]);
      worst = Math.max(worst, (Math.abs(came - value) / value) * 100);
    }
  }
  return worst;
}
