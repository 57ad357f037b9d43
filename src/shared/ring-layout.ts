/**
 * The memory map of a ring: the only thing an app thread and the agent's worker have in common
 * besides the metric catalogue.
 *
 * One SharedArrayBuffer per app thread, in four parts:
 *
 *     header (256 B) | slots: capacity × { series u32, value u32 } | definitions (UTF-8 lines) | wanted (4,096 B)
 *
 * Each header word has one writer, named below; words of different writers lie on different cache
 * lines (16 words), so that neither thread slows the other. HEAD and TAIL run freely modulo 2^32;
 * the slot of a position is `position & (capacity - 1)`, which is why capacity is a power of two.
 *
 * Order of publication: a definition is stored before the first record that uses it, a record
 * before HEAD. A consumer that reads HEAD first therefore finds every definition it needs.
 */

/** "TACH", first word of every ring. */
export const RING_MAGIC = 0x54414348;
export const RING_VERSION = 2;

export const HEADER_BYTES = 256;
export const SLOT_BYTES = 8;
/**
 * Room for definitions: 256 bytes a series, at least 512 KiB. Pages that are never touched cost no
 * memory. The last part is kept for the overflow series, one a metric of about 200 bytes.
 */
const DEFINITION_BYTES_A_SERIES = 256;
const DEFINITION_BYTES_MIN: number = 512 * 1024;
export const OVERFLOW_BYTES: number = 32 * 1024;
/** Room for statements as they are, of one database system; see src/agent/databases/statements.ts. */
export const STATEMENT_BYTES: number = 256 * 1024;
/** Of one: it goes as far as the worker, which makes a text of the usual length of it. Of a longer one the beginning. */
export const STATEMENT_LENGTH_MAX = 4096;
/** PostgreSQL, MySQL, SQLite, and one more. */
export const STATEMENT_SYSTEMS_MAX = 4;

/** An id that no definition has: its records are counted as dropped (invalid). */
export const NO_SERIES = 0x7fff_ffff;

/** Written once by the producer, before the ring is handed over. */
export const MAGIC = 0;
export const VERSION = 1;
export const CAPACITY = 2;
export const THREAD_ID = 3;

/** Written by the producer: position of the next record. */
export const HEAD = 16;
/** Written by the producer: records refused because the ring was full (modulo 2^32). */
export const DROPPED = 17;
/** Written by the producer: grows while its event loop turns. */
export const HEARTBEAT = 18;
/** Written by the producer: bytes of definitions published so far. */
export const DEFINED_BYTES = 19;
/** Written by the producer, or by the main thread once it has ended: 1 when no more records come. */
export const CLOSED = 20;
/**
 * Written by the producer: grows with each quarter of the ring that it fills. The consumer, which looks
 * seldom while little comes, is woken by it (Atomics.notify), so that a burst finds it awake.
 */
export const QUARTERS = 21;
/** Written by the producer: when its next beat is due, in ms of the process's clock modulo 2^32. */
export const BEAT_DUE = 22;
/** Written by the producer: the beat before the last one that came too late, and by how many ms it did. */
export const LATE_BEAT = 23;
export const LATE_MS = 24;
/** Written by the producer: µs of garbage collection that it was told of (modulo 2^32). */
export const GC_US = 25;

/** Written by the consumer: position of the next record to read. */
export const TAIL = 32;
/** Written by the consumer: how much of DROPPED it has put into the ledger. */
export const DROPPED_SEEN = 33;
/** Written by the consumer: how many bytes of the last part are not 0, at least; 0 when all are. */
export const WANTED = 34;

/**
 * The last part: a byte for each series, by the end of its id. The consumer writes which call in one unit it wants to
 * know the place of, and 0 once it knows.
 */
export const WANTED_BYTES = 4096;

/**
 * Set in a slot's series word when its value stands in thousands of the metric's unit: a duration
 * over 71 minutes in µs, or a size over 4 GiB, does not fit in 32 bits. The error is below 0.0001 %.
 */
export const SCALED_FLAG = 0x8000_0000;
export const SCALED_BY = 1000;
/** Largest value that fits unscaled; the largest of all is this × SCALED_BY, larger ones are cut. */
export const VALUE_MAX = 0xffff_ffff;

/** Bytes of a ring of `capacity` slots, a power of two, for `seriesMax` series. */
export function ringBytes(capacity: number, seriesMax: number): number {
  const definitionBytes = Math.max(DEFINITION_BYTES_MIN, seriesMax * DEFINITION_BYTES_A_SERIES);
  const statementBytes = STATEMENT_BYTES * STATEMENT_SYSTEMS_MAX;
  const bytes = HEADER_BYTES + capacity * SLOT_BYTES + definitionBytes + statementBytes;
  return bytes + OVERFLOW_BYTES + WANTED_BYTES;
}

/** The bytes of the definitions in a ring. */
export function definitionsOf(ring: SharedArrayBuffer, capacity: number): Uint8Array {
  const start = HEADER_BYTES + capacity * SLOT_BYTES;
  return new Uint8Array(ring, start, ring.byteLength - WANTED_BYTES - start);
}

/** The bytes of a ring that say which series are wanted. */
export function wantedOf(ring: SharedArrayBuffer): Uint8Array {
  return new Uint8Array(ring, ring.byteLength - WANTED_BYTES, WANTED_BYTES);
}

/** Where the byte of a series is. */
export function wantedIndex(series: number): number {
  return series & (WANTED_BYTES - 1);
}

/** The largest power-of-two number of slots that fits in `slotBytes`, at least 1,024. */
export function capacityFor(slotBytes: number): number {
  const slots = Math.max(1024, Math.floor(slotBytes / SLOT_BYTES));
  return 2 ** Math.floor(Math.log2(slots));
}

/** True when `header` is that of a ring of this version. */
export function isRing(header: Int32Array): boolean {
  return header[MAGIC] === RING_MAGIC && header[VERSION] === RING_VERSION;
}

/** Records written and not yet read. */
export function pendingIn(header: Int32Array): number {
  return (Atomics.load(header, HEAD) - Atomics.load(header, TAIL)) >>> 0;
}

/** True when the producer is gone and all it left has been taken, what it dropped included. */
export function isSpent(header: Int32Array): boolean {
  // CLOSED first: what it says holds for the words read after it.
  if (Atomics.load(header, CLOSED) === 0 || pendingIn(header) > 0) return false;
  return Atomics.load(header, DROPPED) === Atomics.load(header, DROPPED_SEEN);
}

/** Empties the ring of a thread that has ended. Returns how many records were written or refused. */
export function discard(header: Int32Array): number {
  const refused = Atomics.load(header, DROPPED);
  const records = pendingIn(header) + ((refused - Atomics.load(header, DROPPED_SEEN)) >>> 0);
  Atomics.store(header, DROPPED_SEEN, refused);
  Atomics.store(header, TAIL, Atomics.load(header, HEAD));
  return records;
}
