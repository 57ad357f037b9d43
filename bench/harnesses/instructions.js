/**
 * Instructions of the application's thread a request, for machines whose speed changes from minute to minute: two runs
 * of an arm, a short and a long one, and what the requests between them took. Start and warm-up are in both.
 *
 * Peers are left out: their exporters run by the clock, which stands nearly still under callgrind.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertCallgrind, mainThreadInstructions, underCallgrind } from '../machine/callgrind.js';
import { startArmProcess } from '../processes/arm-process.js';
import { workloadNamed } from '../workloads/workloads.js';
import { runRounds } from './run-rounds.js';

/** A process fifty times slower has not sent its last batch in the usual time, nor has it ended. */
const PATIENCE = { TACHOGRAPH_EXIT_TIMEOUT: '10s' };
const END_MS_MAX = 300_000;

/** @type {import('./rows.js').Harness} */
export async function instructions(context) {
  assertCallgrind();
  const { rounds, workloads, settleMs, shortMs, longMs } = context.plan.instructions;
  const arms = context.arms.filter(({ role }) => role !== 'peer');
  const { resources, seed } = context;
  const rows = [];
  for (const workload of workloads) {
    const { costUs } = workloadNamed(workload);
    const requestsIn = (/** @type {number} */ ms) => Math.ceil((ms * 1000) / costUs);
    const [short, long] = [requestsIn(shortMs), requestsIn(longMs)];
    const count = (/** @type {import('../arms.js').Arm} */ arm, /** @type {number} */ requests) =>
      countOnce(arm, { workload, resources, settleMs, warmUp: 0, measured: requests }, seed);
    const what = {
      harness: 'instructions',
      subject: workload,
      rounds,
      headline: 'appInstructions',
    };
    rows.push(
      ...(await runRounds({ ...context, arms }, what, async (arm) => {
        const [first, second] = await Promise.all([count(arm, short), count(arm, long)]);
        return { appInstructions: (second - first) / (long - short) };
      })),
    );
  }
  return rows;
}

/**
 * @param {import('../arms.js').Arm} arm
 * @param {{ measured: number, workload: string, resources: object, settleMs: number, warmUp: number }} task
 * @param {number} seed
 * @returns {Promise<number>} Instructions of the main thread, from its start to its end.
 */
async function countOnce(arm, task, seed) {
  const folder = await mkdtemp(join(tmpdir(), 'tachograph-bench-counts-'));
  try {
    const file = join(folder, 'counts');
    const counted = underCallgrind(arm, file, seed);
    const patient = {
      ...counted,
      endMsMax: END_MS_MAX,
      env: (/** @type {import('../arms.js').Place} */ place) => ({
        ...arm.env(place),
        ...PATIENCE,
      }),
    };
    const child = await startArmProcess(patient, 'in-memory.js', task);
    const { answered } = await child.nextMessage();
    await child.finish(answered + task.measured);
    return mainThreadInstructions(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
