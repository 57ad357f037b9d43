/**
 * Percentiles from OpenTelemetry's histograms, read as well as can be: exponential buckets at their geometric middle,
 * which halves the error; explicit buckets by linear interpolation, as Prometheus does; both held between the exact
 * minimum and maximum, which OTLP sends along.
 */
import { PERMILLES, rankOf } from './percentile-error.js';

/**
 * @typedef {object} Extent
 * @property {number} count
 * @property {number} min
 * @property {number} max
 */

/**
 * @param {Extent & { scale: number, zeroCount: number, positive: { offset: number, bucketCounts: readonly number[] } }} point
 * @returns {number[]} One for each of PERMILLES.
 */
export function exponentialPercentiles({ scale, zeroCount, positive, ...extent }) {
  const { offset, bucketCounts } = positive;
  return PERMILLES.map((permille) => {
    const { bucket } = bucketAt(bucketCounts, rankOf(permille, extent.count) - zeroCount);
    // Bucket i holds what is above 2^(i / 2^scale), up to 2^((i + 1) / 2^scale).
    return held(2 ** ((offset + bucket + 0.5) / 2 ** scale), extent);
  });
}

/**
 * @param {Extent & { buckets: { boundaries: readonly number[], counts: readonly number[] } }} point
 * @returns {number[]} One for each of PERMILLES.
 */
export function explicitPercentiles({ buckets, ...extent }) {
  const { boundaries, counts } = buckets;
  return PERMILLES.map((permille) => {
    const rank = rankOf(permille, extent.count);
    const { bucket, before } = bucketAt(counts, rank);
    const low = boundaries[bucket - 1] ?? extent.min;
    const high = boundaries[bucket] ?? extent.max;
    const share = (rank - before) / /** @type {number} */ (counts[bucket]);
    return held(low + (high - low) * share, extent);
  });
}

/**
 * @param {readonly number[]} counts
 * @param {number} rank From 1.
 */
function bucketAt(counts, rank) {
  let before = 0;
  for (const [bucket, count] of counts.entries()) {
    if (before + count >= rank) return { bucket, before };
    before += count;
  }
  throw new RangeError(`expected a rank of at most ${before}, got ${rank}`);
}

/**
 * @param {number} value
 * @param {Extent} extent
 */
function held(value, { min, max }) {
  return Math.min(max, Math.max(min, value));
}
