/**
 * CPU a request without the kernel: a real http.Server fed through in-memory sockets, in a closed loop. Runs the
 * real parser and every probe, with far less noise than the network has.
 */
import { startArmProcess } from '../processes/arm-process.js';
import { workloadNamed } from '../workloads/workloads.js';
import { runRounds } from './run-rounds.js';

/** @type {import('./rows.js').Harness} */
export async function inMemory(context) {
  const { rounds, workloads, settleMs, warmUpMs, measureMs } = context.plan.inMemory;
  const rows = [];
  for (const name of workloads) {
    const { costUs } = workloadNamed(name);
    const what = { harness: 'in-memory', subject: name, rounds, headline: 'processCpuUs' };
    rows.push(
      ...(await runRounds(context, what, async (arm) => {
        const perMs = 1000 / (costUs + (arm.addedUs ?? 0));
        const warmUp = Math.ceil(warmUpMs * perMs);
        const measured = Math.ceil(measureMs * perMs);
        const { resources } = context;
        const task = { workload: name, resources, settleMs, warmUp, measured };
        const child = await startArmProcess(arm, 'in-memory.js', task);
        const { answered, ...values } = await child.nextMessage();
        await child.finish(answered + warmUp + measured);
        return values;
      })),
    );
  }
  return rows;
}
