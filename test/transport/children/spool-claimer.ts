/** Opens a spool at the given moment, looks around twice, and says what it holds. */
import { Spool } from '../../../src/transport/spool.js';

const [root = '', boot = '', startMs = '0'] = process.argv.slice(2);
const said = { mine: 0, adopted: 0, lost: 0 };
const spool = new Spool({
  root,
  key: 'native-0',
  bytesMax: 64 * 1024 * 1024,
  ageMaxMs: 7 * 86_400_000,
  boot,
  nowMs: Date.now,
});
spool.listen({
  onLost: () => said.lost++,
  onAdopted: () => said.adopted++,
  onDamaged: () => undefined,
});
// Both begin together, or there is no race to see.
while (Date.now() < Number(startMs));
spool.open(true);
spool.scan();
console.log(JSON.stringify({ ...said, mine: spool.mine().length }));
// Alive until the other is done: a dead one's files could be taken again.
process.stdin.resume();
