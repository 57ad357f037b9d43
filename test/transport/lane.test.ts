import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LANE_DELIVERED, LANE_DROPPED_CORRUPT } from '../../src/shared/control-layout.js';
import { MEMORY_BYTES_MAX } from '../../src/transport/backlog.js';
import type { Batch } from '../../src/transport/batch.js';
import { decodeBatch } from '../../src/transport/decode-batch.js';
import { QUIET_TIMEOUT_MS } from '../../src/transport/http-post.js';
import { Lane, type LaneOptions } from '../../src/transport/lane.js';
import type { Outcome, Parcel, Sender } from '../../src/transport/sender.js';
import { Spool } from '../../src/transport/spool.js';
import { BOOT, sampleBatch, sampleDraft } from './sample-batch.js';
import { settle, VirtualClock } from './virtual-clock.js';

const OTHER_BOOT = 'ffffffff-1111-4222-8333-444444444444';
const ACCEPTED: Outcome = { kind: 'accepted' };
const RETRY: Outcome = { kind: 'retry', reason: 'down', code: 'TACHO_COLLECTOR_UNREACHABLE' };
const REFUSED: Outcome = { kind: 'refused', reason: 'no', splittable: false };

/** A sender that answers as told, and can be made to wait. */
class ScriptedSender implements Sender {
  readonly sent: Batch[] = [];
  answer: (batch: Batch) => Outcome | Promise<Outcome> = () => ACCEPTED;
  inFlight = 0;
  inFlightMax = 0;
  hangUps = 0;
  onHangUp: () => void = () => undefined;

  async send(parcel: Parcel): Promise<Outcome> {
    const batch = decodeBatch(parcel.body);
    this.sent.push(batch);
    this.inFlight++;
    this.inFlightMax = Math.max(this.inFlightMax, this.inFlight);
    const outcome = await this.answer(batch);
    this.inFlight--;
    return outcome;
  }

  hangUp(): void {
    this.hangUps++;
    this.onHangUp();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  get sequences(): number[] {
    return this.sent.map(({ identity }) => identity.sequence);
  }
}

let root: string;
let clock: VirtualClock;
let sender: ScriptedSender;
let account: Float64Array;
let trouble: string[];

beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'tacho-lane-')), 'spool');
  clock = new VirtualClock(sampleBatch(1).closedMs);
  sender = new ScriptedSender();
  account = new Float64Array(8);
  trouble = [];
});
afterEach(() => rmSync(join(root, '..'), { recursive: true, force: true }));

function spoolHere(boot = BOOT, bytesMax = 64 * 1024 * 1024): Spool {
  const ageMaxMs = 7 * 86_400_000;
  return new Spool({ root, key: 'native-0', bytesMax, ageMaxMs, boot, nowMs: clock.nowMs });
}

function openLane(options: Partial<LaneOptions> = {}): Lane {
  return new Lane({
    label: 'http://127.0.0.1:4600/',
    boot: BOOT,
    sender,
    spool: spoolHere(options.boot),
    account,
    clock,
    random: () => 0.5,
    onTrouble: (code) => trouble.push(code),
    ...options,
  });
}

function files(ending = '.tgb'): string[] {
  return readdirSync(join(root, 'native-0')).filter((name) => name.endsWith(ending));
}

/** A promise that is resolved from outside. */
function gate(): { open: (outcome: Outcome) => void; passed: Promise<Outcome> } {
  let open: (outcome: Outcome) => void = () => undefined;
  const passed = new Promise<Outcome>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

function expectBalanced(lane: Lane, offered: number): void {
  const { delivered, dropped, pending } = lane.state();
  const lost = Object.values(dropped).reduce((sum, records) => sum + records, 0);
  expect(delivered + lost + pending.records).toBe(offered);
}

describe('a lane', () => {
  it('has a batch on disk before it sends it, and removes it when it is accepted', async () => {
    const lane = openLane();
    const { open, passed } = gate();
    sender.answer = () => passed;
    lane.offer(sampleDraft(1));
    expect(files()).toHaveLength(1);
    await settle();
    expect(sender.sequences).toEqual([1]);
    expect(lane.state()).toMatchObject({ sending: true, pending: { records: 5, batches: 1 } });
    open(ACCEPTED);
    await settle();
    expect(files()).toHaveLength(0);
    expect(lane.state()).toMatchObject({ delivered: 5, pending: { records: 0, batches: 0 } });
  });

  it('has one request in flight, however many batches come', async () => {
    const lane = openLane();
    sender.answer = () => new Promise((resolve) => setImmediate(() => resolve(ACCEPTED)));
    for (let sequence = 1; sequence <= 20; sequence++) lane.offer(sampleDraft(sequence));
    await lane.flush(60_000);
    while (lane.state().pending.batches > 0) await settle();
    expect(sender.inFlightMax).toBe(1);
    expect(lane.state().delivered).toBe(100);
  });

  it('sends what is new before the backlog, and of the backlog the oldest first', async () => {
    sender.answer = () => RETRY;
    const lane = openLane();
    for (const sequence of [1, 2, 3, 4]) lane.offer(sampleDraft(sequence));
    await settle();
    sender.answer = () => ACCEPTED;
    sender.sent.length = 0;
    lane.offer(sampleDraft(5));
    await clock.advance(10_000);
    expect(sender.sequences).toEqual([5, 1, 2, 3, 4]);
  });

  it('waits after a failure, probes with one batch, and drains when that is accepted', async () => {
    sender.answer = () => RETRY;
    const lane = openLane();
    lane.offer(sampleDraft(1));
    lane.offer(sampleDraft(2));
    await settle();
    expect(sender.sent).toHaveLength(1);
    expect(lane.state()).toMatchObject({ failures: 1, nextAttemptMs: clock.nowMs() + 500 });
    await clock.advance(499);
    expect(sender.sent).toHaveLength(1);
    await clock.advance(1);
    expect(sender.sent).toHaveLength(2);
    expect(lane.state().failures).toBe(2);
    sender.answer = () => ACCEPTED;
    await clock.advance(1000);
    expect(lane.state()).toMatchObject({ failures: 0, pending: { batches: 0 }, delivered: 10 });
  });

  it('finds a collector that is back within ten seconds, however long it was away', async () => {
    sender.answer = () => RETRY;
    const lane = openLane({ random: () => 1 });
    for (let sequence = 1; sequence <= 360; sequence++) {
      lane.offer(sampleDraft(sequence));
      await clock.advance(10_000);
    }
    sender.answer = () => ACCEPTED;
    await clock.advance(10_000);
    expect(lane.state().pending.batches).toBe(0);
    expectBalanced(lane, 1800);
  });

  it('has a new batch through within 15 s of the moment when a collector that hung answers again', async () => {
    let isHung = true;
    let begunMs = 0;
    sender.answer = () => {
      begunMs = clock.nowMs();
      const outcome = isHung ? RETRY : ACCEPTED;
      return new Promise((resolve) => {
        clock.after(isHung ? QUIET_TIMEOUT_MS : 0, () => resolve(outcome));
      });
    };
    // The longest draws, after so many failures that the backoff has reached its cap.
    const lane = openLane({ random: () => 1 });
    lane.offer(sampleDraft(1));
    await clock.advance(120_000);
    // The worst moment: an attempt has just begun, and will wait in vain.
    while (begunMs !== clock.nowMs()) await clock.advance(1);
    isHung = false;
    await clock.advance(10_000);
    lane.offer(sampleDraft(2));
    await clock.advance(4999);
    expect(lane.state().pending.batches).toBe(0);
  });

  it('asks no sooner than it was told', async () => {
    sender.answer = () => ({ ...RETRY, afterMs: 60_000 }) as Outcome;
    const lane = openLane();
    lane.offer(sampleDraft(1));
    await clock.advance(59_999);
    lane.offer(sampleDraft(2));
    await settle();
    expect(sender.sent).toHaveLength(1);
    await clock.advance(45_000);
    expect(sender.sent).toHaveLength(2);
  });

  it('warns at the third failure, and at once about what must be mended', async () => {
    sender.answer = () => RETRY;
    const lane = openLane();
    lane.offer(sampleDraft(1));
    await clock.advance(1500);
    expect(sender.sent).toHaveLength(3);
    expect(trouble).toEqual(['TACHO_COLLECTOR_UNREACHABLE']);
    trouble = [];
    const refusing = new ScriptedSender();
    refusing.answer = () => ({
      kind: 'retry',
      reason: '401',
      code: 'TACHO_TOKEN_REFUSED',
      afterMs: 60_000,
      needsMending: true,
    });
    openLane({ sender: refusing, spool: undefined }).offer(sampleDraft(1));
    await settle();
    expect(trouble).toEqual(['TACHO_TOKEN_REFUSED']);
  });

  it('sends and schedules nothing once it is closed', async () => {
    sender.answer = () => RETRY;
    const lane = openLane();
    lane.offer(sampleDraft(1));
    await settle();
    await lane.close();
    await clock.advance(600_000);
    expect(sender.sent).toHaveLength(1);
    expect(clock.tasks).toBe(0);
    expect(files()).toHaveLength(1);
  });
});

describe('the ledger of a batch', () => {
  it('adds up: recorded = delivered + dropped + pending', async () => {
    let answers = 0;
    sender.answer = () => (answers++ % 3 === 0 ? RETRY : answers % 5 === 0 ? REFUSED : ACCEPTED);
    const lane = openLane({ spool: spoolHere(BOOT, 16_000) });
    let recorded = 3;
    for (let sequence = 1; sequence <= 60; sequence++) {
      recorded += 5;
      const draft = sampleDraft(sequence);
      const dropped = { ring_full: 1 };
      lane.offer({ ...draft, ledger: { recorded, dropped, outside: 2 } });
      await clock.advance(sequence % 7 === 0 ? 4000 : 100);
    }
    expect(sender.sent.length).toBeGreaterThan(20);
    for (const { ledger } of sender.sent) {
      const lost = Object.values(ledger.dropped).reduce((sum, records) => sum + records, 0);
      expect(ledger.delivered + lost + ledger.pending).toBe(ledger.recorded);
    }
    expectBalanced(lane, 300);
    expect(lane.state().dropped.refused).toBeGreaterThan(0);
  });

  it('counts what the spool pushed out', async () => {
    sender.answer = () => RETRY;
    const lane = openLane({ spool: spoolHere(BOOT, 8000) });
    for (let sequence = 1; sequence <= 30; sequence++) lane.offer(sampleDraft(sequence));
    await settle();
    expect(lane.state().dropped.spool_full).toBeGreaterThan(50);
    expectBalanced(lane, 150);
  });

  it('counts what the disk did not give back', async () => {
    sender.answer = () => RETRY;
    const lane = openLane();
    for (const sequence of [1, 2, 3]) lane.offer(sampleDraft(sequence));
    await settle();
    for (const name of files()) writeFileSync(join(root, 'native-0', name), 'torn');
    sender.answer = () => ACCEPTED;
    await clock.advance(10_000);
    expect(account[LANE_DROPPED_CORRUPT]).toBeGreaterThan(0);
    expect(trouble).toContain('TACHO_SPOOL_DAMAGED');
    expectBalanced(lane, 15);
    expect(lane.state().pending.batches).toBe(0);
  });

  it('does not add up when a word of the account is wrong: the sum is a check', async () => {
    const lane = openLane();
    lane.offer(sampleDraft(1));
    await settle();
    account[LANE_DELIVERED]! += 1;
    expect(() => expectBalanced(lane, 5)).toThrow();
  });

  it('survives a crashed worker, with its batches and its checkpoint', async () => {
    sender.answer = () => RETRY;
    const crashed = openLane();
    crashed.offer(sampleDraft(1));
    crashed.offer(sampleDraft(2));
    crashed.checkpoint(sampleDraft(3, 4));
    await settle();
    // The worker is gone without a word; the same process starts another with the same account.
    const next = new ScriptedSender();
    const lane = openLane({ sender: next });
    expect(lane.recovered).toEqual({ records: 4, sequence: 3 });
    await settle();
    expect(next.sequences).toEqual([1, 2, 3]);
    expectBalanced(lane, 14);
    expect(lane.state()).toMatchObject({ delivered: 14, adopted: { taken: 0 } });
  });

  it('counts what waited in memory when a worker crashed', async () => {
    sender.answer = () => RETRY;
    const crashed = openLane({ spool: undefined });
    crashed.offer(sampleDraft(1));
    crashed.offer(sampleDraft(2));
    await settle();
    const lane = openLane({ spool: undefined });
    lane.settle(10);
    expect(lane.state().dropped.memory_crash).toBe(10);
    expect(lane.recovered).toEqual({ records: 0, sequence: 0 });
    expectBalanced(lane, 10);
  });

  it('counts a batch once that was delivered and still in the spool when a worker crashed', async () => {
    sender.answer = () => RETRY;
    const crashed = openLane();
    crashed.offer(sampleDraft(1));
    await settle();
    // The acknowledgement was counted, and the file had not been removed yet.
    account[LANE_DELIVERED] = 5;
    sender = new ScriptedSender();
    const lane = openLane();
    lane.settle(5);
    expectBalanced(lane, 5);
    await settle();
    expect(lane.state()).toMatchObject({ delivered: 5, pending: { records: 0 } });
    expectBalanced(lane, 5);
  });

  it('keeps the batches of dead processes apart', async () => {
    sender.answer = () => RETRY;
    const dead = openLane({ boot: OTHER_BOOT });
    const draft = sampleDraft(9);
    dead.offer({ ...draft, identity: { ...draft.identity, boot: OTHER_BOOT } });
    await dead.close();
    account = new Float64Array(8);
    sender = new ScriptedSender();
    const lane = openLane();
    lane.offer(sampleDraft(1));
    await settle();
    expect(lane.state()).toMatchObject({
      delivered: 5,
      adopted: { taken: 5, delivered: 5, lost: 0 },
    });
    expect(sender.sent.map(({ identity }) => identity.boot).sort()).toEqual([BOOT, OTHER_BOOT]);
  });
});

describe('a refused batch', () => {
  it('is set aside and counted, and the next is sent', async () => {
    sender.answer = ({ identity }) => (identity.sequence === 1 ? REFUSED : ACCEPTED);
    const lane = openLane();
    lane.offer(sampleDraft(1));
    lane.offer(sampleDraft(2));
    await settle();
    expect(lane.state()).toMatchObject({ delivered: 5, dropped: { refused: 5 } });
    expect(readdirSync(join(root, 'native-0', 'refused'))).toHaveLength(1);
    expect(trouble).toEqual(['TACHO_COLLECTOR_REFUSED']);
    expectBalanced(lane, 10);
  });

  it('that is too large is delivered in parts, each with a number of its own', async () => {
    sender.answer = ({ histograms }) =>
      histograms.length > 3 ? { ...REFUSED, splittable: true } : ACCEPTED;
    const lane = openLane();
    const { counters, gauges, events, ...batch } = sampleBatch(1, 5, 16);
    const draft = { ...batch, counters, gauges, events };
    lane.offer({ ...draft, ledger: { recorded: 80, dropped: {}, outside: 0 } });
    await clock.advance(10);
    expect(lane.state()).toMatchObject({ delivered: 80, pending: { records: 0 } });
    const whole = sender.sent[0]!;
    const parts = sender.sent.filter(({ histograms }) => histograms.length <= 3);
    expect(parts.flatMap(({ histograms }) => histograms)).toHaveLength(16);
    expect(parts.reduce((sum, { records }) => sum + records, 0)).toBe(80);
    expect(
      parts.flatMap((part) => [...part.counters, ...part.gauges, ...part.events]),
    ).toHaveLength(3);
    const sequences = sender.sequences;
    expect(new Set(sequences).size).toBe(sequences.length);
    for (const sequence of sequences.slice(1)) {
      expect(Number.isSafeInteger(sequence)).toBe(true);
      expect(sequence).toBeGreaterThanOrEqual(2 ** 52);
    }
    for (const { ledger } of parts) expect(ledger).toEqual(whole.ledger);
    expect(trouble).toEqual([]);
    expect(files()).toEqual([]);
  });

  it('loses only the point that is poison', async () => {
    sender.answer = ({ histograms }) =>
      histograms.some(({ series }) =>
        series.attributes.some(([, text]) => text === '/route/100/:id'),
      )
        ? { ...REFUSED, splittable: true }
        : ACCEPTED;
    const lane = openLane();
    const batch = sampleBatch(1, 5, 200);
    lane.offer({ ...batch, ledger: { recorded: 1000, dropped: {}, outside: 0 } });
    await clock.advance(10);
    expect(lane.state()).toMatchObject({ delivered: 995, dropped: { refused: 5 } });
    expect(sender.sent.length).toBeLessThan(20);
  });

  it('is not asked about thousands of times', async () => {
    sender.answer = () => ({ ...REFUSED, splittable: true });
    const lane = openLane();
    const batch = sampleBatch(1, 5, 500);
    lane.offer({ ...batch, ledger: { recorded: 2500, dropped: {}, outside: 0 } });
    await clock.advance(10);
    expect(sender.sent.length).toBeLessThanOrEqual(33);
    expect(lane.state()).toMatchObject({ delivered: 0, dropped: { refused: 2500 } });
    expectBalanced(lane, 2500);
  });

  it('has the same parts when it is begun again after a failure', async () => {
    let isDown = false;
    const seen: string[][] = [[], []];
    sender.answer = ({ histograms, identity, records }) => {
      seen[isDown ? 0 : 1]!.push(`${identity.sequence} ${records}`);
      if (histograms.length > 3) return { ...REFUSED, splittable: true };
      return isDown && seen[0]!.length > 6 ? RETRY : ACCEPTED;
    };
    isDown = true;
    const lane = openLane();
    const batch = sampleBatch(1, 5, 16);
    lane.offer({ ...batch, ledger: { recorded: 80, dropped: {}, outside: 0 } });
    await settle();
    expect(lane.state()).toMatchObject({ delivered: 0, pending: { records: 80 } });
    isDown = false;
    await clock.advance(10_000);
    expect(lane.state()).toMatchObject({ delivered: 80, pending: { records: 0 } });
    expect(seen[1]!.slice(0, seen[0]!.length)).toEqual(seen[0]);
  });
});

describe('a disk that fails', () => {
  it('is replaced by memory, reported once, and used again when it heals', async () => {
    sender.answer = () => RETRY;
    mkdirSync(join(root, '..'), { recursive: true });
    writeFileSync(root, 'a file in place of the folder');
    const lane = openLane();
    lane.offer(sampleDraft(1));
    lane.checkpoint(sampleDraft(2));
    await clock.advance(6000);
    lane.offer(sampleDraft(2));
    await settle();
    expect(trouble.filter((code) => code === 'TACHO_SPOOL_UNUSABLE')).toHaveLength(1);
    expect(lane.state().pending.records).toBe(10);
    expect(lane.state().memoryBytes).toBeGreaterThan(0);
    rmSync(root);
    await clock.advance(40_000);
    expect(lane.state()).toMatchObject({ memoryBytes: 0, pending: { records: 10, batches: 2 } });
    expect(files()).toHaveLength(2);
    expectBalanced(lane, 10);
    sender.answer = () => ACCEPTED;
    await clock.advance(15_000);
    expect(lane.state()).toMatchObject({ delivered: 10 });
  });

  it('does not keep a batch from being sent', async () => {
    writeFileSync(root, 'a file in place of the folder');
    const lane = openLane();
    lane.offer(sampleDraft(1));
    await settle();
    expect(lane.state()).toMatchObject({ delivered: 5, pending: { batches: 0 }, memoryBytes: 0 });
  });

  it('fills memory up to a limit, where the oldest goes first', async () => {
    sender.answer = () => RETRY;
    const lane = openLane({ spool: undefined });
    const events = Array.from({ length: 1000 }, (_, i) => ({
      timeMs: i,
      name: 'event',
      attributes: [['text', `${'x'.repeat(1000)}${i}`]] as const,
    }));
    for (let sequence = 1; sequence <= 20; sequence++) {
      lane.offer({ ...sampleDraft(sequence), events });
      await settle();
    }
    expect(lane.state().memoryBytes).toBeLessThanOrEqual(MEMORY_BYTES_MAX);
    expect(lane.state().dropped.memory_full).toBeGreaterThan(50);
    expectBalanced(lane, 100);
    sender.answer = () => ACCEPTED;
    sender.sent.length = 0;
    await clock.advance(10_000);
    expect(sender.sequences).toContain(20);
    expect(sender.sequences).not.toContain(1);
  });

  it('keeps the newest batch in memory, however large, and counts it once', async () => {
    sender.answer = () => RETRY;
    const lane = openLane({ spool: undefined });
    for (const sequence of [1, 2]) lane.offer(sampleDraft(sequence));
    await settle();
    const events = Array.from({ length: 9000 }, (_, i) => ({
      timeMs: i,
      name: 'event',
      attributes: [['text', `${'x'.repeat(1000)}${i}`]] as const,
    }));
    lane.offer({ ...sampleDraft(3), events });
    await settle();
    expect(lane.state()).toMatchObject({
      dropped: { memory_full: 10 },
      pending: { records: 5, batches: 1 },
    });
    expect(lane.state().memoryBytes).toBeGreaterThan(MEMORY_BYTES_MAX);
    expectBalanced(lane, 15);
    lane.offer(sampleDraft(4));
    await settle();
    expect(lane.state()).toMatchObject({ dropped: { memory_full: 15 }, pending: { records: 5 } });
    expect(lane.state().memoryBytes).toBeLessThan(MEMORY_BYTES_MAX);
    sender.answer = () => ACCEPTED;
    lane.offer({ ...sampleDraft(5), events });
    await clock.advance(10_000);
    expect(lane.state()).toMatchObject({
      delivered: 5,
      dropped: { memory_full: 20 },
      pending: { records: 0 },
      memoryBytes: 0,
    });
    expectBalanced(lane, 25);
  });

  it('whose folder is deleted is made anew, and what was lost is counted', async () => {
    sender.answer = () => RETRY;
    const lane = openLane();
    lane.offer(sampleDraft(1));
    await settle();
    rmSync(root, { recursive: true });
    lane.offer(sampleDraft(2));
    await clock.advance(60_000);
    expect(files()).toHaveLength(1);
    expect(lane.state()).toMatchObject({ dropped: { spool_full: 5 }, pending: { records: 5 } });
    expectBalanced(lane, 10);
  });

  it('that fails after a delivery does not deliver again', async () => {
    const { open, passed } = gate();
    sender.answer = () => passed;
    const lane = openLane();
    lane.offer(sampleDraft(1));
    await settle();
    const away = `${root}-away`;
    renameSync(root, away);
    writeFileSync(root, 'a file in place of the folder');
    // The failure is known by the time the answer comes, and the disk is left alone.
    lane.checkpoint(sampleDraft(2));
    open(ACCEPTED);
    await settle();
    expect(lane.state()).toMatchObject({ delivered: 5, pending: { batches: 0 } });
    rmSync(root);
    renameSync(away, root);
    await clock.advance(60_000);
    expect(sender.sequences).toEqual([1]);
    expect(files()).toEqual([]);
    expectBalanced(lane, 5);
  });
});

describe('a spool file that cannot be read', () => {
  /** The collector is down, four batches wait, and the oldest file is harmed. */
  async function withOldest(harm: (path: string) => void, options: Partial<LaneOptions> = {}) {
    sender.answer = () => RETRY;
    const lane = openLane(options);
    for (const sequence of [1, 2, 3, 4]) lane.offer(sampleDraft(sequence));
    await settle();
    harm(join(root, 'native-0', files().find((name) => name.includes('-1-5-'))!));
    sender.answer = () => ACCEPTED;
    sender.sent.length = 0;
    return lane;
  }

  function becomeFolder(path: string): void {
    rmSync(path);
    mkdirSync(path);
    writeFileSync(join(path, 'inside'), 'so that it is not empty');
  }

  it('counts as corrupt and is set aside, and the batches behind it are delivered', async () => {
    const lane = await withOldest(becomeFolder);
    await clock.advance(10_000);
    expect(sender.sequences.sort()).toEqual([2, 3, 4]);
    expect(lane.state()).toMatchObject({
      delivered: 15,
      dropped: { corrupt: 5 },
      pending: { records: 0, batches: 0 },
    });
    expectBalanced(lane, 20);
    expect(trouble).toEqual(['TACHO_SPOOL_DAMAGED']);
    expect(files()).toEqual([]);
    expect(readdirSync(join(root, 'native-0', 'damaged'))).toHaveLength(1);
  });

  it('does not keep a new batch or a checkpoint from the disk', async () => {
    const lane = await withOldest((path) => {
      rmSync(path);
      symlinkSync(path, path);
    });
    await clock.advance(10_000);
    sender.answer = () => RETRY;
    lane.offer(sampleDraft(5));
    lane.checkpoint(sampleDraft(6));
    await settle();
    expect(lane.state()).toMatchObject({ memoryBytes: 0, pending: { records: 5 } });
    expect(files()).toHaveLength(1);
    expect(files('.slot')).toHaveLength(1);
    expectBalanced(lane, 25);
  });

  it('costs nothing else when it can neither be set aside nor removed', async () => {
    const lane = await withOldest((path) => {
      becomeFolder(path);
      writeFileSync(join(root, 'native-0', 'damaged'), 'a file in place of the folder');
    });
    for (const sequence of [5, 6]) {
      await clock.advance(40_000);
      lane.offer(sampleDraft(sequence));
    }
    await clock.advance(40_000);
    expect(lane.state()).toMatchObject({ delivered: 25, dropped: { corrupt: 5 }, memoryBytes: 0 });
    expect(sender.sequences.sort()).toEqual([2, 3, 4, 5, 6]);
    expectBalanced(lane, 30);
    expect(trouble).toEqual(['TACHO_SPOOL_DAMAGED']);
    expect(files()).toHaveLength(1);
    rmSync(join(root, 'native-0', 'damaged'));
    await clock.advance(40_000);
    expect(files()).toEqual([]);
  });

  it('is given up by whoever finds it after a start, and nothing else is', async () => {
    sender.answer = () => RETRY;
    const dead = openLane({ boot: OTHER_BOOT });
    for (const sequence of [1, 2]) {
      const draft = sampleDraft(sequence);
      dead.offer({ ...draft, identity: { ...draft.identity, boot: OTHER_BOOT } });
    }
    dead.checkpoint(sampleDraft(3));
    await settle();
    const [first, slot] = [files()[0]!, files('.slot')[0]!];
    const owner = files('.owner')[0]!;
    for (const name of [first, slot]) {
      rmSync(join(root, 'native-0', name));
      symlinkSync(name, join(root, 'native-0', name));
    }
    becomeFolder(join(root, 'native-0', slot.replace(/[01]\.slot$/, '1.slot')));
    rmSync(join(root, 'native-0', owner));
    account = new Float64Array(8);
    sender = new ScriptedSender();
    const lane = openLane();
    lane.offer(sampleDraft(9));
    await clock.advance(40_000);
    expect(lane.state()).toMatchObject({
      delivered: 5,
      adopted: { taken: 10, delivered: 5, lost: 5 },
      pending: { batches: 0 },
      memoryBytes: 0,
    });
    expect(trouble).not.toContain('TACHO_SPOOL_UNUSABLE');
    expectBalanced(lane, 5);
  });
});

describe('the end of the process', () => {
  it('delivers what is new within the time', async () => {
    const lane = openLane();
    lane.offer(sampleDraft(1));
    await lane.flush(500);
    expect(lane.state()).toMatchObject({ delivered: 5 });
  });

  it('is not held up by a destination that is failing, when all is on disk', async () => {
    sender.answer = () => RETRY;
    const lane = openLane();
    lane.offer(sampleDraft(1));
    await settle();
    lane.offer(sampleDraft(2));
    await lane.flush(500);
    expect(sender.sent).toHaveLength(1);
    expect(files()).toHaveLength(2);
  });

  it('tries once more when batches are in memory only', async () => {
    sender.answer = () => RETRY;
    const lane = openLane({ spool: undefined });
    lane.offer(sampleDraft(1));
    await settle();
    sender.answer = () => ACCEPTED;
    await lane.flush(500);
    expect(lane.state()).toMatchObject({ delivered: 5 });
    sender.answer = () => RETRY;
    lane.offer(sampleDraft(2));
    await settle();
    const before = sender.sent.length;
    await lane.flush(500);
    expect(sender.sent.length).toBe(before + 1);
  });

  it('waits no longer than it was told', async () => {
    sender.answer = () => new Promise(() => undefined);
    const lane = openLane();
    lane.offer(sampleDraft(1));
    let isDone = false;
    const flushed = lane.flush(500).then(() => {
      isDone = true;
    });
    await clock.advance(499);
    expect(isDone).toBe(false);
    await clock.advance(1);
    await flushed;
    expect(files()).toHaveLength(1);
  });

  it('puts on disk first what waits in memory, though the disk failed a moment ago', async () => {
    sender.answer = () => new Promise(() => undefined);
    writeFileSync(root, 'a file in place of the folder');
    const lane = openLane();
    lane.offer(sampleDraft(1));
    lane.offer(sampleDraft(2));
    await settle();
    rmSync(root);
    void lane.flush(500);
    // The first is on its way, and may yet be delivered.
    expect(files()).toHaveLength(1);
  });

  it('puts on disk what could not be delivered from memory, though the disk failed a moment ago', async () => {
    const { open, passed } = gate();
    sender.answer = () => passed;
    writeFileSync(root, 'a file in place of the folder');
    const lane = openLane();
    lane.offer(sampleDraft(1));
    await settle();
    const flushed = lane.flush(500);
    await clock.advance(500);
    await flushed;
    rmSync(root);
    open(RETRY);
    await lane.close();
    expect(files()).toHaveLength(1);
    expectBalanced(lane, 5);
  });

  it('delivers what is new, though it has only just got from memory to the disk', async () => {
    const { open, passed } = gate();
    sender.answer = ({ identity }) => (identity.sequence === 1 ? passed : ACCEPTED);
    writeFileSync(root, 'a file in place of the folder');
    const lane = openLane();
    lane.offer(sampleDraft(1));
    lane.offer(sampleDraft(2));
    await settle();
    rmSync(root);
    const flushed = lane.flush(500);
    open(ACCEPTED);
    await flushed;
    expect(lane.state()).toMatchObject({ delivered: 10, pending: { batches: 0 } });
    expect(files()).toEqual([]);
  });

  it('delivers from memory while the disk fails', async () => {
    sender.answer = () => RETRY;
    writeFileSync(root, 'a file in place of the folder');
    const lane = openLane();
    for (const sequence of [1, 2, 3]) lane.offer(sampleDraft(sequence));
    await settle();
    sender.answer = () => ACCEPTED;
    await lane.flush(500);
    expect(lane.state()).toMatchObject({ delivered: 15, pending: { batches: 0 } });
    expect(trouble).toEqual(['TACHO_SPOOL_UNUSABLE']);
  });

  describe('while the disk fails, and a request that began before it hangs', () => {
    let lane: Lane;
    let hung: ReturnType<typeof gate>;

    /** The first attempt failed, the second hangs, and the next would be taken. */
    beforeEach(async () => {
      sender.answer = () => RETRY;
      writeFileSync(root, 'a file in place of the folder');
      lane = openLane();
      lane.offer(sampleDraft(1));
      await settle();
      hung = gate();
      sender.answer = () => hung.passed;
      await clock.advance(10_000);
      expect(lane.state()).toMatchObject({ sending: true, failures: 1 });
      sender.answer = () => ACCEPTED;
      lane.offer(sampleDraft(2));
    });

    it('gives it half of the time, hangs up, and delivers everything over another connection', async () => {
      sender.onHangUp = () => hung.open(RETRY);
      const flushed = lane.flush(500);
      await clock.advance(249);
      expect(sender.hangUps).toBe(0);
      await clock.advance(1);
      expect(sender.hangUps).toBe(1);
      await flushed;
      expect(lane.state()).toMatchObject({ delivered: 10, pending: { batches: 0 } });
      expectBalanced(lane, 10);
    });

    it('tries once more when that one fails by itself, which is none of its attempts', async () => {
      const flushed = lane.flush(500);
      await clock.advance(100);
      hung.open(RETRY);
      await flushed;
      expect(lane.state()).toMatchObject({ delivered: 10, pending: { batches: 0 } });
    });

    it('does not hang up on what it began itself', async () => {
      const second = gate();
      sender.answer = () => second.passed;
      const flushed = lane.flush(500);
      await clock.advance(100);
      hung.open(ACCEPTED);
      await clock.advance(399);
      second.open(ACCEPTED);
      await flushed;
      expect(sender.hangUps).toBe(0);
      expect(lane.state()).toMatchObject({ delivered: 10 });
    });

    it('hangs up on nothing once the end is over', async () => {
      hung.open(ACCEPTED);
      await lane.flush(500);
      await clock.advance(10_000);
      expect(sender.hangUps).toBe(0);
    });
  });

  it('does not hang up when all is on disk', async () => {
    sender.answer = () => new Promise(() => undefined);
    const lane = openLane();
    lane.offer(sampleDraft(1));
    const flushed = lane.flush(500);
    await clock.advance(500);
    await flushed;
    expect(sender.hangUps).toBe(0);
  });

  it('delivers what is in memory before what is on disk', async () => {
    sender.answer = () => RETRY;
    const lane = openLane({ spool: spoolHere(BOOT, 8 * 1024) });
    for (const sequence of [1, 2]) lane.offer(sampleDraft(sequence));
    await settle();
    expect(files()).toHaveLength(2);
    const { open, passed } = gate();
    sender.answer = () => passed;
    sender.onHangUp = () => open(RETRY);
    // Too large for the spool, which takes smaller ones all the same.
    const attributes = [['text', 'x'.repeat(8 * 1024)]] as const;
    const events = [{ timeMs: 1, name: 'event', attributes }];
    lane.offer({ ...sampleDraft(3), events });
    await clock.advance(10_000);
    expect(sender.sequences.at(-1)).toBe(3);
    sender.answer = ({ identity }) =>
      identity.sequence === 3 ? ACCEPTED : new Promise(() => undefined);
    const flushed = lane.flush(500);
    await clock.advance(500);
    await flushed;
    expect(lane.state()).toMatchObject({ delivered: 5, pending: { batches: 2 }, memoryBytes: 0 });
    expectBalanced(lane, 15);
  });

  it('does not wait for the backlog', async () => {
    sender.answer = () => RETRY;
    const lane = openLane();
    for (const sequence of [1, 2, 3]) lane.offer(sampleDraft(sequence));
    await settle();
    const { open, passed } = gate();
    sender.answer = ({ identity }) => (identity.sequence === 3 ? ACCEPTED : passed);
    await clock.advance(1000);
    await lane.flush(500);
    expect(sender.sequences.at(-1)).toBe(1);
    open(ACCEPTED);
  });
});
