/**
 * The memory map of the control block: one SharedArrayBuffer per process, shared by the main thread
 * and the agent's worker. It outlives a crashed worker, so the ledger stays true across a restart.
 *
 *     words (256 B, Int32) | ledger (8 × Float64) | lanes (8 × 8 × Float64) | journal (8 × Float64)
 *
 * Ledger values are exact whole numbers up to 2^53. One lane belongs to each destination.
 */

const WORDS_BYTES = 256;
const LEDGER_WORDS = 8;
const JOURNAL_WORDS = 8;
export const LANE_WORDS = 8;
/** Destinations at most: `TACHOGRAPH_URL` with more is a warning, and the rest is not used. */
export const LANES_MAX = 8;
const JOURNAL_OFFSET = WORDS_BYTES + (LEDGER_WORDS + LANES_MAX * LANE_WORDS) * 8;
export const CONTROL_BYTES: number = JOURNAL_OFFSET + JOURNAL_WORDS * 8;

/** Written by the worker: 1 once it drains. Until then nobody waits for it. */
export const READY = 0;
/** Written by the worker: grows with each drain, so that the main thread can tell a hung worker. */
export const WORKER_HEARTBEAT = 1;
/** Written by the main thread at exit: 1 asks the worker to flush. */
export const FLUSH_REQUEST = 16;
/** Written by the main thread: scripts that may be ended from outside and run now, one in the other. */
export const SCRIPT_ENDS = 17;
/** Written by the worker: 1 when everything is delivered or in the spool; main waits on this word. */
export const FLUSH_DONE = 32;
/**
 * Written by the worker: inspector sessions it has open to the main thread; main waits for 0. At its crash
 * by the main thread: they are closed with it.
 */
export const SESSIONS_OPEN = 33;

/** Ledger words are written by the worker, but for one. Sequence number of the last batch built. */
export const LEDGER_SEQUENCE = 0;
/** Records taken out of all rings. */
export const LEDGER_DRAINED = 1;
/** Records in finished batches. */
export const LEDGER_BATCHED = 2;
/** Records refused by full rings. */
export const LEDGER_DROPPED_RING = 3;
/** Records that died with a crashed worker; written by its successor. */
export const LEDGER_DROPPED_CRASH = 4;
/** Records whose series is unknown (a damaged definition). */
export const LEDGER_DROPPED_INVALID = 5;

/** Written by the main thread: records of threads past the limit, whose rings nobody reads. */
export const LEDGER_DROPPED_THREADS = 6;

/** Words of a lane, all in records and written by the worker. Acknowledged by the destination. */
export const LANE_DELIVERED = 0;
/** The spool was full and this was the oldest. */
export const LANE_DROPPED_EVICTED = 1;
/** The destination refused the batch for good. */
export const LANE_DROPPED_REFUSED = 2;
/** Older than the age limit of the spool. */
export const LANE_DROPPED_EXPIRED = 3;
/** The spool could not be read back (torn or corrupt). */
export const LANE_DROPPED_CORRUPT = 4;
/** No spool could be used and the queue in memory was full. */
export const LANE_DROPPED_OVERFLOW = 5;
/** They waited in memory when a worker crashed; written by its successor. */
export const LANE_DROPPED_CRASH = 6;

/** The journal's only entry, see src/workers/drain-journal.ts. 1 while it is being carried out. */
export const JOURNAL_OPEN = 0;
/** The ring that was drained, by its THREAD_ID, and what its TAIL and DROPPED_SEEN are to be. */
export const JOURNAL_THREAD = 1;
export const JOURNAL_TAIL = 2;
export const JOURNAL_REFUSED = 3;
/** What the ledger's words of these names are to be. */
export const JOURNAL_DRAINED = 4;
export const JOURNAL_DROPPED = 5;
export const JOURNAL_INVALID = 6;

export function controlWords(control: SharedArrayBuffer): Int32Array {
  return new Int32Array(control, 0, WORDS_BYTES / 4);
}

export function ledgerWords(control: SharedArrayBuffer): Float64Array {
  return new Float64Array(control, WORDS_BYTES, LEDGER_WORDS);
}

/** The account of lane `index`, 0 to LANES_MAX - 1. */
export function laneWords(control: SharedArrayBuffer, index: number): Float64Array {
  const offset = WORDS_BYTES + (LEDGER_WORDS + index * LANE_WORDS) * 8;
  return new Float64Array(control, offset, LANE_WORDS);
}

export function journalWords(control: SharedArrayBuffer): Float64Array {
  return new Float64Array(control, JOURNAL_OFFSET, JOURNAL_WORDS);
}
