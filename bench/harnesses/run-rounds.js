/** Rounds of all arms in an order that is drawn anew for each: what drifts with time meets all arms alike. */
import { ROUNDS_FOR_A_CLAIM_MIN } from '../statistics/bootstrap.js';
import { createRandom, shuffle } from '../statistics/random.js';

/** Peers cost tens of µs, which few rounds tell; our bars are finer. */
const PEER_ROUNDS_MAX = ROUNDS_FOR_A_CLAIM_MIN;

/**
 * The order of arms in each round.
 *
 * @template Item
 * @param {readonly Item[]} arms
 * @param {number} rounds
 * @param {number} seed
 * @param {string} stream
 * @returns {Item[][]}
 */
export function armOrder(arms, rounds, seed, stream) {
  const random = createRandom(seed, `order ${stream}`);
  return Array.from({ length: rounds }, () => shuffle(arms, random));
}

/**
 * One run after the other. Peers take part in the first PEER_ROUNDS_MAX rounds.
 *
 * @param {import('./rows.js').HarnessContext} context
 * @param {{ harness: string, subject: string, rounds: number, headline: string }} what headline: the value
 *   that progress shows.
 * @param {(arm: import('../arms.js').Arm, round: number) => Promise<Record<string, number>>} run
 * @returns {Promise<import('./rows.js').Row[]>}
 */
export async function runRounds({ arms, seed, progress }, what, run) {
  const { harness, subject, rounds, headline } = what;
  /** @type {import('./rows.js').Row[]} */
  const rows = [];
  const order = armOrder(arms, rounds, seed, `${harness} ${subject}`);
  for (const [index, round] of order.entries()) {
    for (const arm of round) {
      if (arm.role === 'peer' && index >= PEER_ROUNDS_MAX) continue;
      const values = await run(arm, index);
      rows.push({ harness, subject, arm: arm.name, round: index, values });
      progress(
        `${harness} ${subject} round ${index + 1}/${rounds} ${arm.name}: ${headline} ${values[headline]?.toFixed(2)}`,
      );
    }
  }
  return rows;
}
