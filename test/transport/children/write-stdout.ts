/**
 * Sends batches to its own stdout, each until it is accepted. With a limit it exits with code 7 after
 * so many retries, whatever is still to be written.
 */
import { writeSync } from 'node:fs';
import { encodeBatch } from '../../../src/transport/encode-batch.js';
import { stdoutSender } from '../../../src/transport/stdout-sender.js';
import { sampleBatch, sampleParcel } from '../sample-batch.js';

const [count, routes, retriesMax] = process.argv.slice(2).map(Number);
const sender = stdoutSender();
// The sender keeps nothing alive; a worker has its own loop.
const loop = setInterval(() => undefined, 1000);
let retries = 0;
for (let sequence = 1; sequence <= count!; sequence++) {
  const body = encodeBatch(sampleBatch(sequence, 5, routes));
  const parcel = { ...sampleParcel(sequence), body };
  while ((await sender.send(parcel, 100)).kind !== 'accepted') {
    retries++;
    writeSync(2, 'retry\n');
    if (retries === retriesMax) process.exit(7);
  }
}
clearInterval(loop);
