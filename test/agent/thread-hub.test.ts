import { BroadcastChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RingWriter } from '../../src/agent/ring-writer.js';
import { ThreadHub } from '../../src/agent/thread-hub.js';
import { HEAD, HEADER_BYTES, isSpent, TAIL, VERSION } from '../../src/shared/ring-layout.js';
import {
  type FromThread,
  type OnThreadChannel,
  THREAD_CHANNEL,
  type ThreadRing,
} from '../../src/shared/worker-protocol.js';
import { RingReader } from '../../src/workers/ring-reader.js';
import { Window } from '../../src/workers/window.js';
import { newJournal } from '../support/new-journal.js';

const SLOTS = 1024;

let handedOver: ThreadRing[];
let traces: FromThread[];
let warnings: string[];
let lost: number;
let hub: ThreadHub;
let channel: BroadcastChannel;

beforeEach(() => {
  handedOver = [];
  traces = [];
  warnings = [];
  lost = 0;
  const main = newRing(0).buffer;
  hub = new ThreadHub(
    main,
    (ring) => handedOver.push(ring),
    (trace) => traces.push(trace),
    (records) => {
      lost += records;
    },
    (code) => warnings.push(code),
  );
  hub.listen();
  channel = new BroadcastChannel(THREAD_CHANNEL);
});
afterEach(() => {
  hub.stop();
  channel.close();
});

function newRing(threadId: number): RingWriter {
  return new RingWriter(SLOTS * 8, 1, threadId);
}

/** What a thread says; the hub hears it when it next collects. */
function tell(message: OnThreadChannel): void {
  channel.postMessage(message);
}

function announce(ring: RingWriter, within: readonly number[] = []): void {
  tell({ type: 'ring', ring: ring.buffer, within });
}

function drain(ring: RingWriter): void {
  const window = new Window({ digits: 2, seriesMax: 10 });
  new RingReader(ring.buffer, (series) => window.cell(series), newJournal()).drain();
}

function slots(): number[] {
  return hub.rings.map(({ slot }) => slot);
}

function isClosed(ring: RingWriter): boolean {
  return isSpent(new Int32Array(ring.buffer, 0, HEADER_BYTES / 4));
}

describe('the hub of the threads’ rings', () => {
  it('has the main thread’s ring in any case, and hands over each further one once', () => {
    expect(slots()).toEqual([0]);
    const ring = newRing(1);
    announce(ring);
    announce(ring);
    hub.collect();
    expect(slots()).toEqual([0, 1]);
    expect(handedOver.map(({ slot }) => slot)).toEqual([1]);
  });

  it('keeps the ring of a thread that ended until it is empty', () => {
    const ring = newRing(1);
    ring.record(0, 1);
    announce(ring);
    hub.end(1);
    hub.release();
    expect(slots()).toEqual([0, 1]);
    drain(ring);
    hub.release();
    expect(slots()).toEqual([0]);
  });

  it('keeps it, too, until what it refused has been counted', () => {
    const ring = newRing(1);
    announce(ring);
    for (let i = 0; i < SLOTS + 5; i++) ring.record(0, 1);
    // A consumer that has moved on and not yet counted.
    const header = new Int32Array(ring.buffer, 0, HEADER_BYTES / 4);
    header[TAIL] = header[HEAD]!;
    hub.end(1);
    hub.release();
    expect(slots()).toEqual([0, 1]);
    drain(ring);
    hub.release();
    expect(slots()).toEqual([0]);
  });

  it('gives the slot of a thread that ended to the next, even if its ring holds something', () => {
    const [first, second, third] = [newRing(1), newRing(2), newRing(3)] as const;
    first.record(0, 1);
    announce(first);
    announce(second);
    hub.end(1);
    announce(third);
    hub.collect();
    expect(slots()).toEqual([0, 1, 2, 1]);
  });

  it('takes up a ring that it hears of only when its thread ends', () => {
    const ring = newRing(1);
    ring.record(0, 1);
    ring.close();
    announce(ring);
    hub.collect();
    expect(handedOver).toHaveLength(1);
  });

  it('takes up no ring again that is spent', () => {
    const ring = newRing(1);
    announce(ring);
    hub.collect();
    ring.close();
    announce(ring);
    hub.collect();
    hub.release();
    announce(ring);
    hub.collect();
    expect(slots()).toEqual([0]);
    expect(handedOver).toHaveLength(1);
  });

  it('knows that threads within a thread end with it, and no others', () => {
    const [outer, inner, innermost, other] = [5, 6, 7, 8].map(newRing) as [
      RingWriter,
      RingWriter,
      RingWriter,
      RingWriter,
    ];
    announce(outer);
    announce(inner, [5]);
    announce(innermost, [5, 6]);
    announce(other);
    hub.end(5);
    expect([outer, inner, innermost, other].map(isClosed)).toEqual([true, true, true, false]);
  });

  it('hears of the end of a thread within another from that one', () => {
    const [outer, inner] = [newRing(5), newRing(6)] as const;
    announce(outer);
    announce(inner, [5]);
    tell({ type: 'ended', threadId: 6 });
    hub.collect();
    expect([outer, inner].map(isClosed)).toEqual([false, true]);
  });

  it('counts what is in the ring of a thread that ends past the limit, once', () => {
    for (let threadId = 1; threadId <= 256; threadId++) announce(newRing(threadId));
    const late = newRing(300);
    announce(late);
    for (let i = 0; i < SLOTS + 5; i++) late.record(0, i);
    hub.collect();
    expect(lost).toBe(0);
    late.close();
    announce(late);
    announce(late);
    hub.collect();
    expect(lost).toBe(SLOTS + 5);
  });

  it('says when more threads live than it takes, and takes others once there is room', () => {
    for (let threadId = 1; threadId <= 256; threadId++) announce(newRing(threadId));
    hub.collect();
    expect(warnings).toEqual([]);
    announce(newRing(300));
    hub.collect();
    expect(warnings).toEqual(['TACHO_THREAD_LIMIT']);
    expect(hub.rings).toHaveLength(257);
    hub.end(7);
    announce(newRing(301));
    hub.collect();
    expect(slots().at(-1)).toBe(7);
    expect(hub.rings).toHaveLength(257);
  });

  it('passes over what is no ring of this version, or no word of ours', () => {
    tell('hello' as never);
    tell(null as never);
    tell({ type: 'ring', ring: 7 } as never);
    const ring = newRing(1);
    new Int32Array(ring.buffer, 0, HEADER_BYTES / 4)[VERSION] = 99;
    announce(ring);
    hub.collect();
    expect(slots()).toEqual([0]);
  });

  it('keeps nothing and hears nothing once nobody will read', () => {
    announce(newRing(1));
    hub.collect();
    hub.stop();
    hub.listen();
    announce(newRing(2));
    hub.collect();
    expect(slots()).toEqual([0]);
  });
});
