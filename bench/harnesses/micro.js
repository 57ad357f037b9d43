/** Costs of small parts, in several fresh processes: one process alone may be lucky for its whole life. */
import { MICRO_TASKS } from '../micro/tasks.js';
import { startArmProcess } from '../processes/arm-process.js';

/** @type {import('../arms.js').Arm} */
const PLAIN = { name: '-', role: 'baseline', execArgv: [], env: () => ({}) };
/** @type {import('../arms.js').Arm} */
const WITH_GC = { ...PLAIN, execArgv: ['--expose-gc'] };

/** @type {import('./rows.js').Harness} */
export async function micro({ plan, seed, node, progress }) {
  const plain = { ...PLAIN, binary: node.binary };
  const withGc = { ...WITH_GC, binary: node.binary };
  const { rounds, taskMs } = plan.micro;
  /** @type {import('./rows.js').Row[]} */
  const rows = [];
  for (let round = 0; round < rounds; round++) {
    // Other values in each round, the same for each run of a seed.
    const roundSeed = seed + round;
    /** @type {Record<string, number>} */
    const values = {};
    for (const { name } of MICRO_TASKS) {
      Object.assign(values, await runOnce(plain, 'micro.js', { name, seed: roundSeed, taskMs }));
    }
    rows.push({ harness: 'micro', subject: 'parts', arm: '-', round, values });
    for (const useWebAssembly of [false, true]) {
      const memory = await runOnce(withGc, 'histogram-memory.js', {
        seed: roundSeed,
        useWebAssembly,
      });
      const subject = useWebAssembly ? 'WebAssembly' : 'JavaScript';
      rows.push({ harness: 'micro', subject, arm: '-', round, values: memory });
    }
    progress(`micro round ${round + 1}/${rounds}: one record ${values.recordNs?.toFixed(1)} ns`);
  }
  return rows;
}

/**
 * @param {import('../arms.js').Arm} arm
 * @param {string} script
 * @param {object} task
 * @returns {Promise<Record<string, number>>}
 */
async function runOnce(arm, script, task) {
  const child = await startArmProcess(arm, script, task);
  const values = await child.nextMessage();
  await child.finish();
  return values;
}
