/** Opens the spools `native-0`, `native-1` … one after another at given moments; says what failed. */
import { Spool } from '../../../src/transport/spool.js';

const [root = '', boot = '', startMs = '0', rounds = '0'] = process.argv.slice(2);
const failed: string[] = [];
for (let round = 0; round < Number(rounds); round++) {
  const spool = new Spool({
    root,
    key: `native-${round}`,
    bytesMax: 64 * 1024 * 1024,
    ageMaxMs: 7 * 86_400_000,
    boot,
    nowMs: Date.now,
  });
  while (Date.now() < Number(startMs) + round * 60);
  try {
    spool.open(true);
  } catch (error) {
    failed.push((error as Error).message);
  }
}
console.log(JSON.stringify(failed));
// Alive until the others are done: a dead one's files could be taken again.
process.stdin.resume();
