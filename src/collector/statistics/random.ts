/**
 * Randomness that a seed repeats, for resampling: the same data gives the same report, whoever asks and
 * however often. Pure; each use draws from a stream of its own.
 */

/** A number from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** @param stream what the numbers are for: one more row moves no other row's numbers */
export function createRandom(seed: number, stream = ''): Random {
  // FNV-1a mixes the stream's name into the seed.
  let state = seed ^ 0x811c9dc5;
  for (let i = 0; i < stream.length; i++) {
    state = Math.imul(state ^ stream.charCodeAt(i), 0x01000193);
  }
  // mulberry32: its 2^32 states are far more than a row's 50,000 draws.
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
