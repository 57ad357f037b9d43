/**
 * Child of the loopback and resting harnesses: serves a workload on a port of loopback, prints the port, what each
 * request must carry and how many it has answered, and ends when its stdin closes. Task: { workload, resources }.
 */
import { createWorkload, workloadNamed } from '../workloads/workloads.js';

const task = JSON.parse(process.argv[2] ?? '{}');
const { server, headers, answered, close } = await createWorkload(
  workloadNamed(task.workload),
  task.resources,
);
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(JSON.stringify({ port, headers, answered }));
});
process.stdin.resume().on('end', () => {
  server.close();
  server.closeAllConnections();
  close?.();
});
