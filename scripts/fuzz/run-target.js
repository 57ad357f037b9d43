/**
 * Runs one target on mutated inputs. What makes the target answer in a way not seen before joins the
 * corpus and is mutated further, so that chance gets past one check after the other. Bounded by the
 * budget it is given and by CORPUS_MAX.
 */
import { createRandom } from '../../bench/statistics/random.js';
import { mutate, oneOf } from './mutate.js';

const CORPUS_MAX = 2000;
/** Smaller inputs that a target is asked at most to make a finding small. */
const SHRINKS_MAX = 2000;

/**
 * @typedef {object} Target
 * @property {string} name Its folder in test/fixtures/fuzz.
 * @property {() => Uint8Array[]} seeds Inputs that are right.
 * @property {(input: Uint8Array) => string | Promise<string>} run What came of an input, in words that are
 *   equal for inputs of one kind. Throws when a promise is broken.
 * @property {() => Promise<void> | void} [close] Gives back what runs have in common; the next run begins
 *   anew. Called after each broken promise too, which may have left anything behind.
 */

/**
 * @typedef {object} Report
 * @property {number} executions
 * @property {number} corpusSize
 * @property {number} kinds Of answers that were seen.
 * @property {number} kindsFirst Of those, what seeds and known findings alone brought.
 * @property {Uint8Array | undefined} finding The smallest input found that breaks a promise.
 * @property {string} reason
 */

/**
 * @param {Target} target
 * @param {{ seed: number, known: readonly Uint8Array[], isOver: (executions: number) => boolean }} options
 *   `known` are the inputs kept from earlier findings; they are run first.
 * @returns {Promise<Report>}
 */
export async function runTarget(target, { seed, known, isOver }) {
  const random = createRandom(seed, target.name);
  /** @type {Uint8Array[]} */
  const corpus = [];
  /** @type {Set<string>} */
  const seen = new Set();
  let executions = 0;
  let kindsFirst = 0;

  /**
   * @param {Uint8Array | undefined} finding
   * @param {string} reason
   * @returns {Report}
   */
  const report = (finding, reason) => {
    const kinds = seen.size;
    return { executions, corpusSize: corpus.length, kinds, kindsFirst, finding, reason };
  };

  /** @param {Uint8Array} input */
  const run = async (input) => {
    executions++;
    const answer = await runOnce(target, input);
    if (seen.has(answer)) return;
    seen.add(answer);
    if (corpus.length < CORPUS_MAX) corpus.push(input);
    else corpus[Math.floor(random() * CORPUS_MAX)] = input;
  };

  for (const input of [...target.seeds(), ...known]) {
    const reason = await reasonOf(run, input);
    if (reason !== undefined) return report(input, reason);
  }
  kindsFirst = seen.size;
  // A target whose seeds all answer alike has one input: the others would be lost.
  corpus.push(...target.seeds());
  while (!isOver(executions)) {
    const mutated = mutate(oneOf(corpus, random), oneOf(corpus, random), random);
    const reason = await reasonOf(run, mutated);
    if (reason === undefined) continue;
    const finding = await shrunk(
      mutated,
      async (smaller) => (await reasonOf(run, smaller)) !== undefined,
    );
    return report(finding, reason);
  }
  return report(undefined, '');
}

/**
 * @param {Target} target
 * @param {Uint8Array} input
 */
async function runOnce(target, input) {
  try {
    return await target.run(input);
  } catch (error) {
    await target.close?.();
    throw error;
  }
}

/**
 * @param {(input: Uint8Array) => Promise<void>} run
 * @param {Uint8Array} input
 * @returns {Promise<string | undefined>}
 */
async function reasonOf(run, input) {
  try {
    await run(input);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/**
 * Cuts pieces out for as long as the promise stays broken.
 * @param {Uint8Array} input
 * @param {(smaller: Uint8Array) => Promise<boolean>} isBroken
 */
async function shrunk(input, isBroken) {
  let best = input;
  let left = SHRINKS_MAX;
  for (let size = best.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < best.length && left > 0; left--) {
      const smaller = Uint8Array.from([...best.subarray(0, from), ...best.subarray(from + size)]);
      if (await isBroken(smaller)) best = smaller;
      else from += size;
    }
  }
  return best;
}
