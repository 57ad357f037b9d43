/**
 * Randomness that a seed repeats: arm order, bootstrap resamples, arrival times, recorded values. Each use
 * draws from its own stream, so that one more round in one harness does not move the numbers of another.
 */

/** @typedef {() => number} Random A number from 0 (included) to 1 (excluded). */

/**
 * @param {number} seed A whole number; its lowest 32 bits count.
 * @param {string} [stream] What the numbers are for.
 * @returns {Random}
 */
export function createRandom(seed, stream = '') {
  // FNV-1a mixes the stream's name into the seed.
  let state = seed ^ 0x811c9dc5;
  for (let i = 0; i < stream.length; i++) {
    state = Math.imul(state ^ stream.charCodeAt(i), 0x01000193);
  }
  // mulberry32: 32 bits of state are plenty for resampling a few dozen rounds.
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A shuffled copy (Fisher–Yates).
 *
 * @template Item
 * @param {readonly Item[]} items
 * @param {Random} random
 * @returns {Item[]}
 */
export function shuffle(items, random) {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[other]] = [
      /** @type {Item} */ (shuffled[other]),
      /** @type {Item} */ (shuffled[i]),
    ];
  }
  return shuffled;
}

/**
 * Values as latencies are, in µs: log-normal with a median of 2 ms and a p99 of ten times that.
 *
 * @param {number} count
 * @param {Random} random
 * @returns {number[]} Whole numbers of at least 1.
 */
export function latenciesUs(count, random) {
  return Array.from({ length: count }, () => {
    // Box–Muller; 1 - u is never 0.
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(1, Math.round(2000 * Math.exp(normal)));
  });
}
