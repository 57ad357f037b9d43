/**
 * Child of the stall harness: serves a workload on a port of loopback, prints the port and, each time a line comes on
 * stdin, listens to the heartbeat of its thread and prints what it found. Ends when its stdin closes. Task:
 * { workload, measureMs }.
 */
import { createInterface } from 'node:readline';
import { quantileOfSorted } from '../statistics/quantile.js';
import { createWorkload, workloadNamed } from '../workloads/workloads.js';
import { heartbeat } from './heartbeat.js';

const STALL_MS_MIN = 1;

const { workload, measureMs } = JSON.parse(process.argv[2] ?? '{}');
const { server } = await createWorkload(workloadNamed(workload));
// What runs later is compiled now.
await heartbeat(200);
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(JSON.stringify({ port }));
});

for await (const _line of createInterface({ input: process.stdin })) {
  const gapsMs = await heartbeat(measureMs);
  const firstStall = gapsMs.findIndex((gapMs) => gapMs >= STALL_MS_MIN);
  const stalls = firstStall === -1 ? 0 : gapsMs.length - firstStall;
  console.log(
    JSON.stringify({
      maxMs: quantileOfSorted(gapsMs, 1),
      p999Ms: quantileOfSorted(gapsMs, 0.999),
      stallsPerMinute: (stalls * 60_000) / measureMs,
    }),
  );
}
server.close();
server.closeAllConnections();
