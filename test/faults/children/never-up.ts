/**
 * A lane whose collector is never up, through hours that pass in seconds: every window brings a batch, and
 * every attempt is a real connection that is refused. Prints a line of JSON for each hour. Needs
 * `--expose-gc`.
 *
 *   never-up.ts FOLDER URL HOURS
 */
import { setImmediate as turn } from 'node:timers/promises';
import { createSender } from '../../../src/transport/create-sender.js';
import { parseDestinations } from '../../../src/transport/destination.js';
import { Lane } from '../../../src/transport/lane.js';
import { Spool } from '../../../src/transport/spool.js';
import { droppedOf } from '../../support/oracle/judge.js';
import { seeded } from '../../support/seeded.js';
import { BOOT, sampleBatch } from '../../transport/sample-batch.js';
import { VirtualClock } from '../../transport/virtual-clock.js';

export interface Hour {
  /** After a collection. */
  readonly heapBytes: number;
  readonly rssBytes: number;
  readonly spoolBytes: number;
  readonly attempts: number;
  readonly offered: number;
  /** What the account says became of it. */
  readonly accounted: number;
}

const WINDOW_MS = 10_000;
const WINDOWS_AN_HOUR = 360;
const ROUTES = 20;
/** Room for a few minutes, so that the oldest go soon. */
const SPOOL_BYTES_MAX = 512 * 1024;

const [root = '', url = '', hours = '1'] = process.argv.slice(2);
const destination = parseDestinations([url]).destinations[0]!;
const clock = new VirtualClock();
const sender = await createSender(destination, '', clock.nowMs);
let attempts = 0;
const lane = new Lane({
  label: destination.label,
  boot: BOOT,
  sender: {
    send(parcel, timeoutMs) {
      attempts += 1;
      return sender.send(parcel, timeoutMs);
    },
    close: () => sender.close(),
  },
  spool: new Spool({
    root,
    key: destination.key,
    bytesMax: SPOOL_BYTES_MAX,
    ageMaxMs: 7 * 86_400_000,
    boot: BOOT,
    nowMs: clock.nowMs,
  }),
  account: new Float64Array(8),
  clock,
  random: seeded(1),
  onTrouble: () => undefined,
});

let offered = 0;
for (let hour = 0; hour < Number(hours); hour++) {
  for (let window = 0; window < WINDOWS_AN_HOUR; window++) {
    const sequence = hour * WINDOWS_AN_HOUR + window + 1;
    const batch = { ...sampleBatch(sequence, 5, ROUTES), closedMs: clock.nowMs() };
    offered += batch.records;
    lane.offer({ ...batch, ledger: { recorded: offered, dropped: {}, outside: 0 } });
    // In small steps, for attempts take real time.
    for (let passedMs = 0; passedMs < WINDOW_MS; passedMs += 1000) {
      await clock.advance(1000);
      while (lane.state().sending) await turn();
    }
  }
  // Twice: what is freed by finalisers goes with the second.
  for (let i = 0; i < 2; i++) {
    globalThis.gc?.();
    await turn();
  }
  console.log(JSON.stringify(look()));
}
await lane.close();

function look(): Hour {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { delivered, dropped, pending, spoolBytes } = lane.state();
  return {
    heapBytes: heapUsed + external,
    rssBytes: rss,
    spoolBytes,
    attempts,
    offered,
    accounted: delivered + droppedOf({ dropped }) + pending.records,
  };
}
