/**
 * Makes the end of a drain one step: the position of a ring and the counts of the ledger change
 * together, or not at all, at whatever point the worker is ended. Runs in the agent's worker; owns
 * the journal of the control block, one entry long.
 *
 * The entry holds what the words are going to be, so doing it twice does no harm. A predecessor that
 * died before the entry was open has done nothing; one that died later is finished by `redo`.
 */
import {
  JOURNAL_DRAINED,
  JOURNAL_DROPPED,
  JOURNAL_INVALID,
  JOURNAL_OPEN,
  JOURNAL_REFUSED,
  JOURNAL_TAIL,
  JOURNAL_THREAD,
  journalWords,
  LEDGER_DRAINED,
  LEDGER_DROPPED_INVALID,
  LEDGER_DROPPED_RING,
  ledgerWords,
} from '../shared/control-layout.js';
import { DROPPED_SEEN, TAIL, THREAD_ID } from '../shared/ring-layout.js';

/** How a drain leaves a ring, and what it took out. */
export interface DrainEnd {
  /** Position of the next record to read. */
  readonly tail: number;
  /** What the producer's count of refused records stood at. */
  readonly refused: number;
  readonly records: number;
  readonly dropped: number;
  readonly invalid: number;
}

export class DrainJournal {
  readonly #entry: Float64Array;
  readonly #ledger: Float64Array;

  constructor(control: SharedArrayBuffer) {
    this.#entry = journalWords(control);
    this.#ledger = ledgerWords(control);
  }

  /** Ends a drain of the ring with this header. */
  commit(header: Int32Array, { tail, refused, records, dropped, invalid }: DrainEnd): void {
    const entry = this.#entry;
    const ledger = this.#ledger;
    // One that nobody could finish, its ring being gone, must not be mixed with this one.
    entry[JOURNAL_OPEN] = 0;
    entry[JOURNAL_THREAD] = header[THREAD_ID]!;
    entry[JOURNAL_TAIL] = tail;
    entry[JOURNAL_REFUSED] = refused;
    entry[JOURNAL_DRAINED] = ledger[LEDGER_DRAINED]! + records;
    entry[JOURNAL_DROPPED] = ledger[LEDGER_DROPPED_RING]! + dropped;
    entry[JOURNAL_INVALID] = ledger[LEDGER_DROPPED_INVALID]! + invalid;
    entry[JOURNAL_OPEN] = 1;
    this.#apply(header);
  }

  /** Finishes what a predecessor began with this ring. Before the first drain of any ring. */
  redo(header: Int32Array): void {
    const isOpen = this.#entry[JOURNAL_OPEN] === 1;
    if (isOpen && this.#entry[JOURNAL_THREAD] === header[THREAD_ID]) this.#apply(header);
  }

  #apply(header: Int32Array): void {
    const entry = this.#entry;
    const ledger = this.#ledger;
    ledger[LEDGER_DRAINED] = entry[JOURNAL_DRAINED]!;
    ledger[LEDGER_DROPPED_RING] = entry[JOURNAL_DROPPED]!;
    ledger[LEDGER_DROPPED_INVALID] = entry[JOURNAL_INVALID]!;
    header[DROPPED_SEEN] = entry[JOURNAL_REFUSED]!;
    Atomics.store(header, TAIL, entry[JOURNAL_TAIL]!);
    entry[JOURNAL_OPEN] = 0;
  }
}
