/** Chance that a seed repeats, so that a failed run can be run again. */
import { createRandom } from '../../bench/statistics/random.js';

/** Numbers from 0 to 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  return createRandom(seed);
}
