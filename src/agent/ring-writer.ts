/**
 * The producer's side of a ring. Runs on an application thread; hot path: `record` allocates
 * nothing, never waits and never throws. The memory map is in src/shared/ring-layout.ts.
 *
 * A full ring refuses the record and counts it. HEAD is published by an atomic store after the
 * slot is written, so the consumer never reads half a record. To notify for each record would triple
 * its cost: the consumer polls, and is woken once a quarter of the ring.
 */
import {
  BEAT_DUE,
  CAPACITY,
  CLOSED,
  capacityFor,
  DEFINED_BYTES,
  DROPPED,
  definitionsOf,
  GC_US,
  HEAD,
  HEADER_BYTES,
  HEARTBEAT,
  LATE_BEAT,
  LATE_MS,
  MAGIC,
  OVERFLOW_BYTES,
  QUARTERS,
  RING_MAGIC,
  RING_VERSION,
  ringBytes,
  SCALED_BY,
  SCALED_FLAG,
  TAIL,
  THREAD_ID,
  VALUE_MAX,
  VERSION,
  WANTED,
  wantedIndex,
  wantedOf,
} from '../shared/ring-layout.js';

export class RingWriter {
  readonly buffer: SharedArrayBuffer;
  readonly #header: Int32Array;
  readonly #slots: Uint32Array;
  readonly #definitions: Uint8Array;
  readonly #wanted: Uint8Array;
  readonly #capacity: number;
  readonly #mask: number;
  readonly #quarterMask: number;
  /** Our own copy of HEAD: only we write it. */
  #head: number;
  /** The last TAIL seen; read again only when the ring looks full. */
  #tailSeen: number;

  /**
   * A ring with as many slots as fit in `slotBytes`, rounded down to a power of two. Positions begin
   * shortly before they wrap, so that every process, and every test, runs through the wrap.
   */
  constructor(slotBytes: number, seriesMax: number, threadId: number, startPosition = -1000) {
    const capacity = capacityFor(slotBytes);
    this.buffer = new SharedArrayBuffer(ringBytes(capacity, seriesMax));
    this.#header = new Int32Array(this.buffer, 0, HEADER_BYTES / 4);
    this.#slots = new Uint32Array(this.buffer, HEADER_BYTES, capacity * 2);
    this.#definitions = definitionsOf(this.buffer, capacity);
    this.#wanted = wantedOf(this.buffer);
    this.#capacity = capacity;
    this.#mask = capacity - 1;
    this.#quarterMask = capacity / 4 - 1;
    this.#header[MAGIC] = RING_MAGIC;
    this.#header[VERSION] = RING_VERSION;
    this.#header[CAPACITY] = capacity;
    this.#header[THREAD_ID] = threadId;
    this.#head = startPosition | 0;
    this.#tailSeen = this.#head;
    this.#header[HEAD] = this.#head;
    this.#header[TAIL] = this.#head;
  }

  /**
   * Writes one record. `value` is a whole number of the series' units; a fraction is cut off, a
   * negative number or NaN becomes 0, and one above 32 bits is stored in thousands and flagged.
   */
  record(series: number, value: number): void {
    this.stage(series, value);
    this.publish();
  }

  /** `record` in two steps: several staged records are published by one store, 10 ns less for each. */
  stage(series: number, value: number): void {
    const head = this.#head;
    if (((head - this.#tailSeen) | 0) >= this.#capacity) {
      this.#tailSeen = Atomics.load(this.#header, TAIL);
      if (((head - this.#tailSeen) | 0) >= this.#capacity) {
        this.#header[DROPPED] = (this.#header[DROPPED]! + 1) | 0;
        return;
      }
    }
    const slot = (head & this.#mask) << 1;
    if (value <= VALUE_MAX) {
      this.#slots[slot] = series;
      this.#slots[slot + 1] = Math.max(0, value);
    } else {
      this.#recordScaled(slot, series, value);
    }
    this.#head = (head + 1) | 0;
    if ((head & this.#quarterMask) === 0) this.#wakeConsumer();
  }

  /** Lets the consumer see what is staged. */
  publish(): void {
    Atomics.store(this.#header, HEAD, this.#head);
  }

  #wakeConsumer(): void {
    Atomics.add(this.#header, QUARTERS, 1);
    Atomics.notify(this.#header, QUARTERS);
  }

  /** Also takes NaN, which compares false with everything, and records it as 0. */
  #recordScaled(slot: number, series: number, value: number): void {
    const scaled = value > VALUE_MAX;
    this.#slots[slot] = scaled ? (series | SCALED_FLAG) >>> 0 : series;
    this.#slots[slot + 1] = scaled ? Math.min(Math.round(value / SCALED_BY), VALUE_MAX) : 0;
  }

  /**
   * Publishes a line of definitions; an overflow series may use the part that is kept for them.
   * False when there is no room left.
   */
  define(line: string, isOverflow: boolean): boolean {
    const start = this.#header[DEFINED_BYTES]!;
    const end = this.#definitions.length - (isOverflow ? 0 : OVERFLOW_BYTES);
    if (start >= end) return false;
    // encodeInto does not write to shared memory on every runtime: encode first, then copy.
    const bytes = new TextEncoder().encode(`${line}\n`);
    if (start + bytes.length > end) return false;
    this.#definitions.set(bytes, start);
    Atomics.store(this.#header, DEFINED_BYTES, start + bytes.length);
    return true;
  }

  /** Whether the consumer wants to know where queries of any series are made. */
  get isAnyWanted(): boolean {
    return this.#header[WANTED] !== 0;
  }

  /** Which call of `series` in one unit is the one whose place is wanted; 0 when none is. */
  wanted(series: number): number {
    return this.#wanted[wantedIndex(series)]!;
  }

  /** How often it beat. */
  get beats(): number {
    return this.#header[HEARTBEAT]!;
  }

  /**
   * Says that this thread's event loop turns, and until when it will again, in ms of the process's
   * clock. HEARTBEAT comes last: who sees a new beat sees what goes with it.
   */
  beat(dueMs: number): void {
    Atomics.store(this.#header, BEAT_DUE, dueMs | 0);
    Atomics.store(this.#header, HEARTBEAT, (this.beats + 1) | 0);
  }

  /** Says, before a beat, that it comes `lateMs` too late. */
  late(lateMs: number): void {
    Atomics.store(this.#header, LATE_MS, lateMs | 0);
    Atomics.store(this.#header, LATE_BEAT, this.beats);
  }

  /** Adds to the time spent on garbage collection. */
  addGc(durationUs: number): void {
    Atomics.add(this.#header, GC_US, durationUs | 0);
  }

  /** No more records will come; the consumer may let the ring go once it is empty. */
  close(): void {
    Atomics.store(this.#header, CLOSED, 1);
  }
}
