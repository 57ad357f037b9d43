/**
 * The loss account of one destination, in shared memory, so that it survives a crashed worker. Only
 * batches of this process (its boot id) are counted; those of dead processes are `adopted`.
 *
 *     offered = delivered + dropped by each reason + pending
 *
 * `pending` stands nowhere: it is counted from the batches that wait, so that the sum is a check.
 */
import {
  LANE_DELIVERED,
  LANE_DROPPED_CORRUPT,
  LANE_DROPPED_CRASH,
  LANE_DROPPED_EVICTED,
  LANE_DROPPED_EXPIRED,
  LANE_DROPPED_OVERFLOW,
  LANE_DROPPED_REFUSED,
} from '../shared/control-layout.js';
import type { Ledger } from './batch.js';
import type { LossReason } from './waiting.js';

const WORDS: Readonly<Record<LossReason, readonly [word: number, name: string]>> = {
  evicted: [LANE_DROPPED_EVICTED, 'spool_full'],
  refused: [LANE_DROPPED_REFUSED, 'refused'],
  expired: [LANE_DROPPED_EXPIRED, 'expired'],
  corrupt: [LANE_DROPPED_CORRUPT, 'corrupt'],
  overflow: [LANE_DROPPED_OVERFLOW, 'memory_full'],
};

export class LaneAccount {
  readonly #words: Float64Array;

  constructor(words: Float64Array) {
    this.#words = words;
  }

  get delivered(): number {
    return this.#words[LANE_DELIVERED]!;
  }

  /** By the names that the ledger of a batch uses. */
  get dropped(): Readonly<Record<string, number>> {
    const dropped: Record<string, number> = {};
    for (const [word, name] of Object.values(WORDS)) dropped[name] = this.#words[word]!;
    dropped.memory_crash = this.#words[LANE_DROPPED_CRASH]!;
    return dropped;
  }

  /**
   * The ledger of a batch that is closed now. Filled name by name: for a spread V8 (Node.js 20) makes
   * a hidden class a time, 0.5 to 2 KB of old space each second that only a full collection gives back.
   */
  ledger(recorded: number, pending: number, dropped: Ledger['dropped']): Ledger {
    const all: Record<string, number> = {};
    for (const reasons of [dropped, this.dropped]) {
      for (const name of Object.keys(reasons)) all[name] = reasons[name]!;
    }
    return { recorded, delivered: this.delivered, pending, dropped: all };
  }

  countDelivered(records: number): void {
    this.#add(LANE_DELIVERED, records);
  }

  countDropped(reason: LossReason, records: number): void {
    this.#add(WORDS[reason][0], records);
  }

  /**
   * For a worker that follows a crashed one: what was offered and is nowhere died with it. A batch
   * that is counted and still waits was delivered while the crash came: it will be delivered, and
   * counted, again.
   */
  inherit(offered: number, pending: number): void {
    let known = this.delivered + pending;
    for (const records of Object.values(this.dropped)) known += records;
    if (known <= offered) this.#add(LANE_DROPPED_CRASH, offered - known);
    else this.#add(LANE_DELIVERED, -Math.min(this.delivered, known - offered));
  }

  uncountCrash(records: number): void {
    this.#add(LANE_DROPPED_CRASH, -Math.min(records, this.#words[LANE_DROPPED_CRASH]!));
  }

  #add(word: number, records: number): void {
    this.#words[word] = this.#words[word]! + records;
  }
}
