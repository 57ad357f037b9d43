/**
 * The loss account of the process, in shared memory so that it survives a crashed worker:
 * recorded = batched + dropped + (in rings and in the open window). Written by the worker,
 * but for records of threads past the limit, which the main thread counts; what
 * comes out of a ring is counted by its reader, in one step with the ring's own position.
 */
import {
  LEDGER_BATCHED,
  LEDGER_DRAINED,
  LEDGER_DROPPED_CRASH,
  LEDGER_DROPPED_INVALID,
  LEDGER_DROPPED_RING,
  LEDGER_DROPPED_THREADS,
  LEDGER_SEQUENCE,
  ledgerWords,
} from '../shared/control-layout.js';
import type { Recovered } from './outlet.js';

export class Ledger {
  readonly #words: Float64Array;

  constructor(control: SharedArrayBuffer) {
    this.#words = ledgerWords(control);
  }

  /**
   * For a worker that follows a crashed one: what was drained and is in no batch died with it,
   * except what its last checkpoint saved, which is a batch now and has taken its number.
   */
  inherit({ records, sequence }: Recovered): void {
    const orphaned = this.inWindow;
    this.#add(LEDGER_BATCHED, orphaned);
    this.#add(LEDGER_DROPPED_CRASH, Math.max(0, orphaned - records));
    this.#words[LEDGER_SEQUENCE] = Math.max(this.sequence, sequence);
  }

  /** Records of all batches there ever were, each of which was meant for every lane. */
  get offered(): number {
    return this.#words[LEDGER_BATCHED]! - this.#words[LEDGER_DROPPED_CRASH]!;
  }

  /** Values the worker recorded itself: they pass no ring, and are accounted for all the same. */
  countOwn(records: number): void {
    this.#add(LEDGER_DRAINED, records);
  }

  countBatched(records: number): void {
    this.#add(LEDGER_BATCHED, records);
  }

  /** The number of the next batch; the same for all destinations. */
  nextSequence(): number {
    this.#add(LEDGER_SEQUENCE, 1);
    return this.sequence;
  }

  get sequence(): number {
    return this.#words[LEDGER_SEQUENCE]!;
  }

  /** Records drained into the open window. */
  get inWindow(): number {
    return this.#words[LEDGER_DRAINED]! - this.#words[LEDGER_BATCHED]!;
  }

  get dropped(): Readonly<Record<string, number>> {
    return {
      ring_full: this.#words[LEDGER_DROPPED_RING]!,
      worker_crash: this.#words[LEDGER_DROPPED_CRASH]!,
      invalid: this.#words[LEDGER_DROPPED_INVALID]!,
      thread_limit: this.#words[LEDGER_DROPPED_THREADS]!,
    };
  }

  get droppedTotal(): number {
    return Object.values(this.dropped).reduce((sum, records) => sum + records, 0);
  }

  /** Everything the process ever recorded, given what waits in its rings now. */
  recorded(inRings: number): number {
    return (
      this.#words[LEDGER_DRAINED]! +
      this.#words[LEDGER_DROPPED_RING]! +
      this.#words[LEDGER_DROPPED_INVALID]! +
      this.#words[LEDGER_DROPPED_THREADS]! +
      inRings
    );
  }

  #add(word: number, records: number): void {
    this.#words[word] = this.#words[word]! + records;
  }
}
