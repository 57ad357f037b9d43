/**
 * The whole picture: a server process under an open-loop load at a fixed rate over loopback. CPU of all its
 * threads and of the application's alone, latency corrected for coordinated omission, memory after the load.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { processCpuUs, residentBytes, threadCpuUs } from '../machine/proc.js';
import { startArmProcess } from '../processes/arm-process.js';
import { loopbackPool, poissonArrivals, runBurst, runOpenLoop } from '../processes/open-loop.js';
import { createRandom } from '../statistics/random.js';
import { workloadNamed } from '../workloads/workloads.js';
import { runRounds } from './run-rounds.js';

/** After the last answer the server's threads go to sleep, which makes their CPU figures exact. */
const REST_MS = 30;

/** @type {import('./rows.js').Harness} */
export async function loopback(context) {
  const { rounds, workloads } = context.plan.loopback;
  const rows = [];
  for (const name of workloads) {
    const what = { harness: 'loopback', subject: name, rounds, headline: 'processCpuUs' };
    rows.push(
      ...(await runRounds(context, what, (arm, round) => runOnce(context, name, arm, round))),
    );
  }
  return rows;
}

/**
 * @param {import('./rows.js').HarnessContext} context
 * @param {string} name
 * @param {import('../arms.js').Arm} arm
 * @param {number} round
 */
async function runOnce({ plan, seed, resources }, name, arm, round) {
  const { settleMs, warmUpRequests, warmUpMsMax, measureMs } = plan.loopback;
  const { path, costUs, ratePerSecond = plan.loopback.ratePerSecond } = workloadNamed(name);
  const costMs = (costUs + (arm.addedUs ?? 0)) / 1000;
  const warmUp = Math.min(warmUpRequests, Math.ceil(warmUpMsMax / costMs));
  // The same arrivals for all arms of a round.
  const random = createRandom(seed, `arrivals ${name} ${round}`);
  const arrivals = poissonArrivals(ratePerSecond, measureMs, random);

  const child = await startArmProcess(arm, 'server.js', { workload: name, resources });
  const { port, headers, answered = 0 } = await child.nextMessage();
  const target = { path, headers };
  const pool = loopbackPool(port);
  await sleep(settleMs);
  await runBurst(pool, target, warmUp);
  const before = await readCpu(child.pid);
  const load = await runOpenLoop(pool, target, arrivals);
  const after = await readCpu(child.pid);
  const rssBytes = residentBytes(child.pid);
  await pool.close();
  const requests = answered + warmUp + arrivals.length;
  const { wireBytes } = await child.finish(requests);
  return {
    processCpuUs: (after.process - before.process) / load.sent,
    appCpuUs: (after.app - before.app) / load.sent,
    p50Us: load.p50Us,
    p99Us: load.p99Us,
    maxUs: load.maxUs,
    rssBytes,
    wireBytesPerRequest: wireBytes / requests,
  };
}

/** @param {number} pid */
async function readCpu(pid) {
  await sleep(REST_MS);
  return { process: processCpuUs(pid), app: threadCpuUs(pid) };
}
