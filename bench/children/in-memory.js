/**
 * Child of the in-memory harness: serves a workload to itself without a kernel in between, and prints what
 * a request cost, and how many requests it had answered before. Task: { workload, resources, settleMs, warmUp,
 * measured } (counts of requests).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes, settleSchedstat, threadCpuUs } from '../machine/proc.js';
import { createWorkload, requestOf, workloadNamed } from '../workloads/workloads.js';
import { createDriver } from './drive.js';

const task = JSON.parse(process.argv[2] ?? '{}');
const workload = workloadNamed(task.workload);
const app = await createWorkload(workload, task.resources);
const driver = createDriver(app.server, requestOf(workload, app));

// An application is up for a while before traffic comes: an agent's worker starts in this time.
await sleep(task.settleMs);
await driver.run(task.warmUp);

const before = readCpu();
const startMs = performance.now();
await driver.run(task.measured);
const wallUs = (performance.now() - startMs) * 1000;
const after = readCpu();

const perRequest = (/** @type {number} */ us) => us / task.measured;
console.log(
  JSON.stringify({
    processCpuUs: perRequest(after.process - before.process),
    appCpuUs: perRequest(after.app - before.app),
    wallUs: perRequest(wallUs),
    rssBytes: residentBytes(process.pid),
    answered: app.answered ?? 0,
  }),
);
driver.close();
app.server.close();
await app.close?.();

function readCpu() {
  settleSchedstat();
  const { user, system } = process.cpuUsage();
  return { process: user + system, app: threadCpuUs(process.pid) };
}
