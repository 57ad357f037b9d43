/**
 * Appends and checkpoints as fast as it can until it is killed. Says each step on stdout before and
 * after: `checkpoint 3 12`, `append 3`, `done 3`.
 */
import { writeSync } from 'node:fs';
import { Spool } from '../../../src/transport/spool.js';
import { sampleParcel } from '../sample-batch.js';

const [root = '', boot = ''] = process.argv.slice(2);
const spool = new Spool({
  root,
  key: 'native-0',
  bytesMax: 64 * 1024 * 1024,
  ageMaxMs: 7 * 86_400_000,
  boot,
  nowMs: Date.now,
});
spool.open(true);
for (let sequence = 1; ; sequence++) {
  for (let records = 1; records <= 12; records++) {
    spool.checkpoint({ ...sampleParcel(sequence, records, boot), closedMs: Date.now() });
    writeSync(1, `checkpoint ${sequence} ${records}\n`);
  }
  spool.append({ ...sampleParcel(sequence, 12, boot), closedMs: Date.now() });
  writeSync(1, `append ${sequence}\n`);
}
