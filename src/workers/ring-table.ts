/**
 * The rings of the process: the main thread's, and one for each worker thread of the application,
 * which hands its own over on a BroadcastChannel. Runs in the agent's worker.
 */
import { BroadcastChannel } from 'node:worker_threads';
import { type OnThreadChannel, THREAD_CHANNEL } from '../shared/worker-protocol.js';
import type { Series } from '../transport/batch.js';
import type { DrainJournal } from './drain-journal.js';
import { type Drained, RingReader } from './ring-reader.js';
import type { AnyCell } from './window.js';

/** Threads of the application that are recorded; further ones are not. */
const RINGS_MAX = 256;

export interface DrainedAll extends Drained {
  /** The fullest ring as a share of its capacity, 0 to 1. */
  readonly fullest: number;
}

export class RingTable {
  readonly #rings = new Map<number, RingReader>();
  readonly #cellOf: (series: Series) => AnyCell;
  readonly #journal: DrainJournal;
  readonly #channel = new BroadcastChannel(THREAD_CHANNEL);

  constructor(
    mainRing: SharedArrayBuffer,
    cellOf: (series: Series) => AnyCell,
    journal: DrainJournal,
  ) {
    this.#cellOf = cellOf;
    this.#journal = journal;
    this.#attach(mainRing);
    this.#channel.onmessage = (event: unknown) => {
      const message = (event as { data: OnThreadChannel }).data;
      if (message.type === 'ring') this.#attach(message.ring);
    };
    // Threads that announced themselves before this worker was up, or to its predecessor.
    this.#channel.postMessage({ type: 'who' } satisfies OnThreadChannel);
  }

  /** Records written and not yet read, in all rings. */
  get pending(): number {
    let pending = 0;
    for (const ring of this.#rings.values()) pending += ring.pending;
    return pending;
  }

  drain(): DrainedAll {
    let [records, foreground, dropped, invalid, fullest] = [0, 0, 0, 0, 0];
    for (const [threadId, ring] of this.#rings) {
      fullest = Math.max(fullest, ring.pending / ring.capacity);
      const drained = ring.drain();
      records += drained.records;
      foreground += drained.foreground;
      dropped += drained.dropped;
      invalid += drained.invalid;
      if (ring.isSpent) this.#rings.delete(threadId);
    }
    return { records, foreground, dropped, invalid, fullest };
  }

  /** A thread ended, perhaps without a word: its ring goes once it is empty. */
  close(threadId: number): void {
    this.#rings.get(threadId)?.close();
  }

  #attach(ring: SharedArrayBuffer): void {
    const reader = new RingReader(ring, this.#cellOf, this.#journal);
    if (this.#rings.has(reader.threadId) || this.#rings.size >= RINGS_MAX) return;
    this.#rings.set(reader.threadId, reader);
  }
}
