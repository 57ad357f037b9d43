import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Backlog } from '../../src/transport/backlog.js';
import type { Parcel } from '../../src/transport/sender.js';
import { Spool } from '../../src/transport/spool.js';
import { encodeSpoolFile } from '../../src/transport/spool-file.js';
import { batchName, claimName, ownerName, slotName } from '../../src/transport/spool-name.js';
import type { Waiting } from '../../src/transport/waiting.js';
import { BOOT, sampleParcel } from './sample-batch.js';
import { VirtualClock } from './virtual-clock.js';

const OTHER_BOOT = 'ffffffff-1111-4222-8333-444444444444';
/** Beyond any pid that Linux gives out. */
const DEAD_OWNER = '99999999-deadbeef';

let root: string;
let folder: string;
let clock: VirtualClock;
let lost: string[];
let adopted: string[];
let damaged: string[];

beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'tacho-spool-')), 'spool');
  folder = join(root, 'native-0');
  clock = new VirtualClock(Date.now());
  lost = [];
  adopted = [];
  damaged = [];
});
afterEach(() => rmSync(join(root, '..'), { recursive: true, force: true }));

function open(options: { bytesMax?: number; ageMaxMs?: number; boot?: string } = {}): Spool {
  const spool = new Spool({
    root,
    key: 'native-0',
    bytesMax: 64 * 1024 * 1024,
    ageMaxMs: 7 * 86_400_000,
    boot: BOOT,
    nowMs: clock.nowMs,
    ...options,
  });
  spool.listen({
    onLost: ({ sequence }, reason) => lost.push(`${sequence} ${reason}`),
    onAdopted: ({ sequence }, wasCheckpoint) => {
      adopted.push(wasCheckpoint ? `${sequence} checkpoint` : `${sequence}`);
    },
    onDamaged: (detail) => damaged.push(detail),
  });
  spool.open(true);
  return spool;
}

function parcelNow(sequence: number, records = 5, boot = BOOT): Parcel {
  return { ...sampleParcel(sequence, records, boot), closedMs: clock.nowMs() + sequence };
}

function sequences(spool: Spool): number[] {
  return spool
    .mine()
    .map(({ sequence }) => sequence)
    .sort((a, b) => a - b);
}

function only(spool: Spool): Waiting {
  const [waiting, ...more] = spool.mine();
  expect(more).toEqual([]);
  return waiting!;
}

function batchFiles(): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.tgb'));
}

/** As a process leaves it that was killed. */
function leave(parcel: Parcel, name = batchName(parcel, DEAD_OWNER)): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, name), encodeSpoolFile(parcel));
  return name;
}

describe('the spool', () => {
  it('gives back what was appended, until it is finished', () => {
    const spool = open();
    const parcel = parcelNow(1);
    spool.append(parcel);
    const waiting = only(spool);
    expect(spool.read(waiting)).toMatchObject({ identity: parcel.identity, records: 5 });
    expect(Buffer.from(spool.read(waiting)!.body).equals(parcel.body)).toBe(true);
    spool.finish(waiting, 'remove');
    spool.sweep();
    expect(spool.mine()).toEqual([]);
    expect(batchFiles()).toEqual([]);
  });

  it('keeps folders and files to their owner', () => {
    const spool = open();
    spool.append(parcelNow(1));
    spool.checkpoint(parcelNow(2));
    expect(statSync(root).mode & 0o777).toBe(0o700);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
  });

  it('closes a folder that was open to others', () => {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    open();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('does not go through a link, whether it stands for the root or the folder', () => {
    const elsewhere = join(root, '..', 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, root);
    expect(() => open()).toThrow('expected a folder, got a link');
    rmSync(root);
    mkdirSync(root, { mode: 0o700 });
    symlinkSync(elsewhere, folder);
    expect(() => open()).toThrow('expected a folder, got a link');
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('does not use a folder of another user', async () => {
    const { chownSync } = await import('node:fs');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chownSync(folder, 12_345, 12_345);
    expect(() => open()).toThrow('got one of 12345');
  });

  it('does not write through a link in place of the file being written', () => {
    const spool = open();
    const parcel = parcelNow(1);
    const victim = join(root, '..', 'victim');
    writeFileSync(victim, 'untouched');
    const name = readdirSync(folder)
      .find((file) => file.endsWith('.owner'))!
      .slice(0, -6);
    symlinkSync(victim, join(folder, `${batchName(parcel, name)}.tmp`));
    spool.append(parcel);
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(lstatSync(join(folder, only(spool).file!)).isFile()).toBe(true);
  });
});

describe('the limits of the spool', () => {
  it('push out the oldest first, and count it', () => {
    const size = encodeSpoolFile(parcelNow(1)).length;
    const spool = open({ bytesMax: 10 * size });
    for (let sequence = 1; sequence <= 20; sequence++) spool.append(parcelNow(sequence));
    expect(spool.bytes).toBeLessThanOrEqual(10 * size);
    const kept = sequences(spool);
    expect(kept.at(-1)).toBe(20);
    expect(kept[0]).toBe(20 - kept.length + 1);
    expect(lost).toEqual(Array.from({ length: 20 - kept.length }, (_, i) => `${i + 1} evicted`));
    expect(batchFiles()).toHaveLength(kept.length);
  });

  it('hold for all processes on the folder together', () => {
    const size = encodeSpoolFile(parcelNow(1)).length;
    const one = open({ bytesMax: 10 * size });
    const two = open({ bytesMax: 10 * size, boot: OTHER_BOOT });
    for (let sequence = 1; sequence <= 30; sequence++) {
      one.append(parcelNow(sequence * 2));
      two.append(parcelNow(sequence * 2 + 1, 5, OTHER_BOOT));
      const bytes = batchFiles().reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
      expect(bytes).toBeLessThanOrEqual(10 * size);
    }
    one.scan();
    two.scan();
    expect(sequences(one).length + sequences(two).length).toBe(batchFiles().length);
    expect(lost.length + batchFiles().length).toBe(60);
  });

  it('refuse what can never fit, and lose nothing else for it', () => {
    const spool = open({ bytesMax: 4000 });
    spool.append(parcelNow(1));
    expect(() => spool.append({ ...parcelNow(2), body: Buffer.alloc(10_000) })).toThrow('no room');
    expect(sequences(spool)).toEqual([1]);
  });

  it('are no reason to lose what waits for what would not fit then either', () => {
    const size = encodeSpoolFile(parcelNow(1)).length;
    const spool = open({ bytesMax: 10 * size });
    for (const sequence of [1, 2, 3]) spool.append(parcelNow(sequence));
    // A living neighbour's checkpoint takes nearly all there is, and cannot be removed.
    const neighbour = open({ bytesMax: 10 * size, boot: OTHER_BOOT });
    neighbour.checkpoint({ ...parcelNow(1, 5, OTHER_BOOT), body: Buffer.alloc(8 * size) });
    expect(() => spool.append(parcelNow(4))).toThrow('no room');
    expect(sequences(spool)).toEqual([1, 2, 3]);
    expect(lost).toEqual([]);
  });

  it('spare the batch that is being sent', () => {
    const size = encodeSpoolFile(parcelNow(1)).length;
    const spool = open({ bytesMax: 4 * size });
    const first = spool.append(parcelNow(1));
    first.sending = true;
    for (let sequence = 2; sequence <= 9; sequence++) spool.append(parcelNow(sequence));
    expect(sequences(spool)).toContain(1);
    expect(lost).not.toContain('1 evicted');
  });

  it('drop what is too old, and count it', async () => {
    const spool = open({ ageMaxMs: 60_000 });
    spool.append(parcelNow(1));
    await clock.advance(30_000);
    spool.append(parcelNow(2));
    await clock.advance(40_000);
    spool.scan();
    expect(sequences(spool)).toEqual([2]);
    expect(lost).toEqual(['1 expired']);
  });

  it('set refused batches aside, bounded too', () => {
    const size = encodeSpoolFile(parcelNow(1)).length;
    const spool = open({ bytesMax: 64 * size });
    for (let sequence = 1; sequence <= 20; sequence++) {
      spool.finish(spool.append(parcelNow(sequence)), 'refused');
      spool.sweep();
    }
    const kept = readdirSync(join(folder, 'refused'));
    expect(kept.length).toBeGreaterThanOrEqual(3);
    expect(kept.length).toBeLessThanOrEqual(4);
    expect(sequences(spool)).toEqual([]);
    expect(lost).toEqual([]);
  });
});

describe('recovery', () => {
  it('takes over what dead processes left, in their identity', () => {
    const parcel = parcelNow(7, 5, OTHER_BOOT);
    const name = leave(parcel);
    const spool = open();
    expect(adopted).toEqual(['7']);
    expect(spool.read(only(spool))!.identity.boot).toBe(OTHER_BOOT);
    expect(existsSync(join(folder, name))).toBe(false);
  });

  it('leaves alone what belongs to a living process, and takes it once that has ended', () => {
    const one = open();
    one.append(parcelNow(1));
    const two = open({ boot: OTHER_BOOT });
    expect(sequences(two)).toEqual([]);
    expect(adopted).toEqual([]);
    one.close();
    two.scan();
    expect(sequences(two)).toEqual([1]);
    expect(adopted).toEqual(['1']);
  });

  it('tells a pid that is used again from the process that had it', () => {
    const probe = open();
    const name = readdirSync(folder).find((file) => file.endsWith('.owner'))!;
    const marker = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    probe.close();
    const parcel = parcelNow(3, 5, OTHER_BOOT);
    // Our own pid, once with our start time and once with another's.
    for (const [boot, started] of [
      ['aaaaaaaa', marker.started],
      ['bbbbbbbb', '1'],
    ]) {
      const owner = `${process.pid}-${boot}`;
      const left = { ...parcel, identity: { ...parcel.identity, boot } };
      leave(left, batchName(left, owner));
      writeFileSync(join(folder, `${owner}.owner`), JSON.stringify({ ...marker, started }));
    }
    const spool = open();
    const boots = spool.mine().map(({ boot }) => boot);
    expect(boots).toContain('bbbbbbbb');
    expect(boots).not.toContain('aaaaaaaa');
  });

  it('waits for the silence of an owner that it cannot look up', async () => {
    const parcel = parcelNow(3, 5, OTHER_BOOT);
    leave(parcel);
    const marker = { place: 'another-host pid:[1]', started: '1' };
    writeFileSync(join(folder, `${DEAD_OWNER}.owner`), JSON.stringify(marker));
    const spool = open();
    expect(sequences(spool)).toEqual([]);
    await clock.advance(95_000);
    spool.scan();
    expect(sequences(spool)).toEqual([3]);
    expect(existsSync(join(folder, `${DEAD_OWNER}.owner`))).toBe(false);
  });

  it('takes over batches that an earlier worker of this process left', () => {
    const crashed = open();
    crashed.append(parcelNow(1));
    crashed.append(parcelNow(2));
    crashed.checkpoint(parcelNow(3));
    adopted = [];
    const spool = open();
    expect(sequences(spool)).toEqual([1, 2, 3]);
    expect(adopted).toEqual(['1', '2', '3 checkpoint']);
  });

  it('does not take its own checkpoint for a batch when the folder is opened again', () => {
    const spool = open();
    spool.checkpoint(parcelNow(1));
    spool.open(false);
    expect(sequences(spool)).toEqual([]);
  });

  it.each([
    ['cut short', (path: string) => truncateSync(path, 40)],
    ['empty', (path: string) => truncateSync(path, 0)],
    ['full of zeros', (path: string) => writeFileSync(path, Buffer.alloc(600))],
    ['of a newer version', (path: string) => writeFileSync(path, 'TGB2 from the future')],
  ])('skips a file that is %s, counts it and sets it aside', (_name, harm) => {
    leave(parcelNow(1, 5, OTHER_BOOT));
    leave(parcelNow(2, 5, OTHER_BOOT));
    const victim = batchFiles().find((name) => name.includes('-1-5-'))!;
    harm(join(folder, victim));
    const spool = open();
    const read = spool.mine().map((waiting) => spool.read(waiting));
    spool.sweep();
    expect(read.filter((parcel) => parcel !== undefined)).toHaveLength(1);
    expect(lost).toEqual(['1 corrupt']);
    expect(damaged).toHaveLength(1);
    expect(sequences(spool)).toEqual([2]);
    expect(readdirSync(join(folder, 'damaged'))).toHaveLength(1);
  });

  it('takes over the other batches when one will not be renamed', () => {
    leave(parcelNow(1, 5, OTHER_BOOT));
    leave(parcelNow(2, 5, OTHER_BOOT));
    // A file cannot take the place of a folder.
    mkdirSync(join(folder, batchName(parcelNow(1, 5, OTHER_BOOT), ownerName(process.pid, BOOT))));
    const spool = open();
    expect(adopted).toContain('2');
    const read = spool.mine().map((waiting) => spool.read(waiting)?.identity.sequence);
    expect(read.filter((sequence) => sequence !== undefined)).toEqual([2]);
    spool.scan();
    expect(sequences(spool)).toEqual([1, 2]);
    expect(spool.read(spool.mine().find(({ sequence }) => sequence === 1)!)?.records).toBe(5);
  });

  it('removes files that dead processes were writing, and touches no strange ones', () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const half = `${batchName(parcelNow(1), DEAD_OWNER)}.tmp`;
    writeFileSync(join(folder, half), 'TGB1');
    writeFileSync(join(folder, 'README'), 'not ours');
    open();
    expect(existsSync(join(folder, half))).toBe(false);
    expect(readFileSync(join(folder, 'README'), 'utf8')).toBe('not ours');
  });

  it('goes on where an heir died midway, and keeps the finished batch only', () => {
    const heir = '99999998-deadbeef';
    const finished = parcelNow(1, 9, OTHER_BOOT);
    leave(finished, batchName(finished, heir));
    leave(parcelNow(2, 9, OTHER_BOOT));
    leave(parcelNow(1, 5, OTHER_BOOT), slotName(DEAD_OWNER, 1));
    writeFileSync(join(folder, claimName(DEAD_OWNER, heir)), '');
    const spool = open();
    expect(spool.mine().map(({ records }) => records)).toEqual([9, 9]);
    expect(readdirSync(folder).filter((name) => /slot|claim|dead/.test(name))).toEqual([]);
  });

  it('leaves to a living heir what it is taking over', () => {
    const heir = open();
    const name = readdirSync(folder).find((file) => file.endsWith('.owner'))!;
    const left = leave(parcelNow(1, 5, OTHER_BOOT));
    writeFileSync(join(folder, claimName(DEAD_OWNER, name.slice(0, -6))), '');
    const other = open({ boot: OTHER_BOOT });
    expect(sequences(other)).toEqual([]);
    expect(existsSync(join(folder, left))).toBe(true);
    heir.scan();
    expect(sequences(heir)).toEqual([1]);
  });

  it('leaves alone the marker that another process is writing', () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, `${DEAD_OWNER}.owner`), '');
    open();
    expect(existsSync(join(folder, `${DEAD_OWNER}.owner`))).toBe(true);
  });

  it('counts a file that someone removed', () => {
    const spool = open();
    spool.append(parcelNow(1));
    rmSync(join(folder, only(spool).file!));
    spool.scan();
    expect(sequences(spool)).toEqual([]);
    expect(lost).toEqual(['1 evicted']);
  });
});

describe('checkpoints', () => {
  it('become a batch when their process dies, the newest of them', () => {
    const dying = open({ boot: OTHER_BOOT });
    for (const records of [5, 6, 7]) dying.checkpoint(parcelNow(4, records, OTHER_BOOT));
    dieNow();
    const spool = open();
    expect(adopted).toEqual(['4 checkpoint']);
    const parcel = spool.read(only(spool))!;
    expect(parcel.identity).toEqual({ ...parcelNow(4).identity, boot: OTHER_BOOT });
    expect(parcel.records).toBe(7);
    expect(readdirSync(folder).filter((name) => name.includes('.slot'))).toEqual([]);
  });

  it('are worth nothing when the finished batch is there', () => {
    const dying = open({ boot: OTHER_BOOT });
    // The first append waits for the disk and clears; the second is in the cache still.
    dying.append(parcelNow(1, 5, OTHER_BOOT));
    dying.syncWhenDue();
    dying.checkpoint(parcelNow(2, 3, OTHER_BOOT));
    dying.append(parcelNow(2, 5, OTHER_BOOT));
    dieNow();
    const spool = open();
    expect(adopted.sort()).toEqual(['1', '2']);
    expect(spool.mine().map(({ records }) => records)).toEqual([5, 5]);
  });

  it('go when their batch is on the disk for sure', async () => {
    const spool = open();
    spool.checkpoint(parcelNow(1));
    spool.append(parcelNow(1));
    await clock.advance(5000);
    spool.append(parcelNow(2));
    spool.syncWhenDue();
    expect(readdirSync(folder).filter((name) => name.endsWith('.slot'))).toEqual([]);
  });

  it('go when their batch is delivered, but not those of the next window', () => {
    const spool = open();
    spool.append(parcelNow(1));
    const second = spool.append(parcelNow(2));
    spool.checkpoint(parcelNow(2));
    spool.finish(second, 'remove');
    spool.sweep();
    expect(readdirSync(folder).filter((name) => name.endsWith('.slot'))).toEqual([]);
    const third = spool.append(parcelNow(3));
    spool.checkpoint(parcelNow(4));
    spool.finish(third, 'remove');
    spool.sweep();
    expect(readdirSync(folder).filter((name) => name.endsWith('.slot'))).toHaveLength(1);
  });

  it('that are torn fall back to the other slot', async () => {
    const dying = open({ boot: OTHER_BOOT });
    dying.checkpoint(parcelNow(4, 5, OTHER_BOOT));
    await clock.advance(1000);
    dying.checkpoint(parcelNow(4, 6, OTHER_BOOT));
    const slots = readdirSync(folder).filter((name) => name.endsWith('.slot'));
    expect(slots).toHaveLength(2);
    truncateSync(join(folder, slots.find((name) => name.endsWith('.0.slot'))!), 30);
    dieNow();
    const spool = open();
    expect(spool.read(only(spool))!.records).toBe(5);
  });

  it('that are torn both are reported and removed', () => {
    const dying = open({ boot: OTHER_BOOT });
    dying.checkpoint(parcelNow(4, 5, OTHER_BOOT));
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.slot'))) {
      truncateSync(join(folder, name), 30);
    }
    dieNow();
    const spool = open();
    expect(spool.mine()).toEqual([]);
    expect(damaged).toHaveLength(1);
    expect(readdirSync(folder).filter((name) => name.includes('.slot'))).toEqual([]);
  });
});

describe('a batch whose sync fails', () => {
  it('is stored once, and the failure is reported', async () => {
    const trouble: string[] = [];
    const spool = open();
    const backlog = new Backlog({
      spool,
      nowMs: clock.nowMs,
      onLost: () => undefined,
      onAdopted: () => undefined,
      onMoved: () => undefined,
      onTrouble: (code) => trouble.push(code),
    });
    backlog.add(parcelNow(1));
    const { file } = backlog.add(parcelNow(2));
    // It can be listed and not be opened.
    rmSync(join(folder, file!));
    symlinkSync(file!, join(folder, file!));
    await clock.advance(5000);
    backlog.add(parcelNow(3));
    expect([...backlog.all()].map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(trouble).toEqual(['TACHO_SPOOL_UNUSABLE']);
    // Nor does it keep later ones from the disk, or the open window from its checkpoint.
    await clock.advance(5000);
    backlog.checkpoint(parcelNow(4));
    expect(readdirSync(folder).filter((name) => name.endsWith('.slot'))).toHaveLength(1);
    backlog.add(parcelNow(4));
    expect(backlog.hasVolatile).toBe(false);
    expect(trouble).toEqual(['TACHO_SPOOL_UNUSABLE']);
  });
});

/** The owner's marker goes; nobody else lives under that name. */
function dieNow(): void {
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.owner')) rmSync(join(folder, name));
  }
}
