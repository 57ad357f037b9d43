/**
 * Child of check.js: a server that makes two queries a request, and is its own user over in-memory sockets. Prints what
 * a query cost, and how far the heap grew over so many. Task: { client, place, warmUp, measured, kept } (counts of
 * requests; with `kept` 0 the heap is not looked at). Wants --expose-gc.
 */
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDriver } from '../../bench/children/drive.js';
import { settleSchedstat, threadCpuUs } from '../../bench/machine/proc.js';

const QUERIES = 2;
/** An application is up for a while before its users come: an agent's worker starts in this time. */
const SETTLE_MS = 1500;
/** What is weakly held is gone after the second collection. */
const COLLECTIONS = 3;

const { client: file, place, warmUp, measured, kept } = JSON.parse(process.argv[2]);
const { open } = await import(file);
const client = await open(place);
const server = createServer(async (_request, response) => {
  await client.select();
  await client.join();
  response.end('ok');
});
const driver = createDriver(server, Buffer.from('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'));
await sleep(SETTLE_MS);
await driver.run(warmUp);

const cpuBefore = readCpu();
await driver.run(measured);
const cpuUs = (readCpu() - cpuBefore) / measured / QUERIES;

let heapBytes = 0;
if (kept > 0) {
  const heapBefore = await heapAtRest();
  await driver.run(kept);
  heapBytes = (await heapAtRest()) - heapBefore;
}
console.log(JSON.stringify({ cpuUs, heapBytes }));
driver.close();
await client.close();

function readCpu() {
  settleSchedstat();
  return threadCpuUs(process.pid);
}

async function heapAtRest() {
  for (let i = 0; i < COLLECTIONS; i++) {
    globalThis.gc();
    await sleep(100);
  }
  return process.memoryUsage().heapUsed;
}
