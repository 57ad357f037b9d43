/**
 * A lane whose collector is down, on a disk that fails and heals: `full`, `descriptors`, `forbidden`
 * (the folder is not ours to write), `unreadable` (the oldest file gives EIO, and can be neither moved
 * nor removed). Says the lane's state after each step as JSON; the collector is back in the last.
 */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Lane } from '../../../src/transport/lane.js';
import { Spool } from '../../../src/transport/spool.js';
import { BOOT, sampleBatch, sampleDraft } from '../sample-batch.js';
import { VirtualClock } from '../virtual-clock.js';

const [root = '', fault = ''] = process.argv.slice(2);
const clock = new VirtualClock(sampleBatch(1).closedMs);
const trouble: string[] = [];
let isDown = true;
const isForbidden = fault === 'forbidden';
const lane = new Lane({
  label: 'down',
  boot: BOOT,
  sender: {
    send: async () =>
      isDown
        ? { kind: 'retry', reason: 'down', code: 'TACHO_COLLECTOR_UNREACHABLE' }
        : { kind: 'accepted' },
    close: async () => undefined,
  },
  spool: new Spool({
    root: isForbidden ? root : join(root, 'spool'),
    key: 'native-0',
    bytesMax: 64 * 1024 * 1024,
    ageMaxMs: 7 * 86_400_000,
    boot: BOOT,
    nowMs: clock.nowMs,
  }),
  account: new Float64Array(8),
  clock,
  random: () => 0.5,
  onTrouble: (code) => code === 'TACHO_SPOOL_UNUSABLE' && trouble.push(code),
});

/** Breaks the disk; the result mends it. */
function breakDisk(): () => void {
  if (fault === 'full') {
    const filler = join(root, 'filler');
    try {
      writeFileSync(filler, Buffer.alloc(64 * 1024 * 1024));
    } catch {
      // That it does not fit is what it is for.
    }
    return () => rmSync(filler);
  }
  if (fault === 'unreadable') {
    const folder = join(root, 'spool', 'native-0');
    const oldest = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgb'))!);
    // Address 0 of a process is never mapped; what is mounted can be neither renamed nor unlinked.
    execFileSync('mount', ['--bind', `/proc/${process.pid}/mem`, oldest]);
    try {
      readFileSync(oldest);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EIO') throw error;
    }
    return () => execFileSync('umount', [oldest]);
  }
  const taken: number[] = [];
  try {
    while (fault === 'descriptors') taken.push(openSync('/dev/null', 'r'));
  } catch {
    // None is left.
  }
  return () => {
    for (const descriptor of taken) closeSync(descriptor);
  };
}

function say(step: string): void {
  const { delivered, pending, memoryBytes, dropped } = lane.state();
  const said = { step, delivered, pending, memoryBytes, dropped, trouble };
  writeSync(1, `${JSON.stringify(said)}\n`);
}

lane.offer(sampleDraft(1));
say('before');
const mend = breakDisk();
for (const sequence of [2, 3, 4]) {
  lane.checkpoint(sampleDraft(sequence));
  lane.offer(sampleDraft(sequence));
  await clock.advance(10_000);
}
say('broken');
isDown = !process.argv.includes('collector-back');
await clock.advance(60_000);
if (!isDown) say('sent');
mend();
await clock.advance(60_000);
say('mended');
