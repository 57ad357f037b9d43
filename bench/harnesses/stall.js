/**
 * How long the application's thread is held, at rest and under a gentle load, once everything is up: the longest time
 * between two turns of a loop that never sleeps. Every run is longer than a window, so it holds the end of one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startArmProcess } from '../processes/arm-process.js';
import { loopbackPool, poissonArrivals, runBurst, runOpenLoop } from '../processes/open-loop.js';
import { createRandom } from '../statistics/random.js';
import { workloadNamed } from '../workloads/workloads.js';
import { runRounds } from './run-rounds.js';

const WORKLOAD = 'http-hello';

/** @type {import('./rows.js').Harness} */
export async function stall(context) {
  const { rounds, ratePerSecond } = context.plan.stall;
  const rows = [];
  for (const [subject, rate] of /** @type {const} */ ([
    ['at rest', 0],
    ['under load', ratePerSecond],
  ])) {
    const what = { harness: 'stall', subject, rounds, headline: 'maxMs' };
    rows.push(
      ...(await runRounds(context, what, (arm, round) => runOnce(context, arm, round, rate))),
    );
  }
  return rows;
}

/**
 * @param {import('./rows.js').HarnessContext} context
 * @param {import('../arms.js').Arm} arm
 * @param {number} round
 * @param {number} ratePerSecond
 */
async function runOnce({ plan, seed }, arm, round, ratePerSecond) {
  const { settleMs, warmUpRequests, measureMs } = plan.stall;
  const target = { path: workloadNamed(WORKLOAD).path };
  const child = await startArmProcess(arm, 'stall.js', { workload: WORKLOAD, measureMs });
  const { port } = await child.nextMessage();
  const pool = loopbackPool(port);
  await runBurst(pool, target, warmUpRequests);
  await sleep(settleMs);
  const arrivals =
    ratePerSecond === 0
      ? []
      : poissonArrivals(ratePerSecond, measureMs, createRandom(seed, `stall ${round}`));
  child.tell('measure');
  const [values] = await Promise.all([
    child.nextMessage(),
    arrivals.length > 0 ? runOpenLoop(pool, target, arrivals) : undefined,
  ]);
  await pool.close();
  await child.finish(warmUpRequests + arrivals.length);
  return values;
}
