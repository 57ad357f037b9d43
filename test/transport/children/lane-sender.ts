/** A lane of its own process on a shared spool: sends `count` batches to `url`, then ends by itself. */

import { systemClock } from '../../../src/transport/clock.js';
import { createSender } from '../../../src/transport/create-sender.js';
import { parseDestinations } from '../../../src/transport/destination.js';
import { Lane } from '../../../src/transport/lane.js';
import { Spool } from '../../../src/transport/spool.js';
import { sampleDraft } from '../sample-batch.js';

const [root = '', boot = '', url = '', count = '0', flushMs = '2000'] = process.argv.slice(2);
const destination = parseDestinations([url]).destinations[0]!;
const lane = new Lane({
  label: destination.label,
  boot,
  sender: await createSender(destination, '', Date.now),
  spool: new Spool({
    root,
    key: destination.key,
    bytesMax: 64 * 1024 * 1024,
    ageMaxMs: 7 * 86_400_000,
    boot,
    nowMs: Date.now,
  }),
  account: new Float64Array(8),
  clock: systemClock,
  random: Math.random,
  onTrouble: () => undefined,
});
for (let sequence = 1; sequence <= Number(count); sequence++) {
  const draft = sampleDraft(sequence);
  lane.offer({ ...draft, identity: { ...draft.identity, boot }, closedMs: Date.now() });
}
await lane.flush(Number(flushMs));
// Nothing here ends the process: whatever stays behind must not keep it alive.
