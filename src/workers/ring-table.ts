/**
 * The rings of the process: the main thread's, and one for each worker thread of the application,
 * as the main thread hands them over; it also bounds their number. Runs in the agent's worker.
 */
import { METRICS } from '../shared/metric-catalogue.js';
import { THREAD_SLOT } from '../shared/metrics.js';
import type { ThreadRing } from '../shared/worker-protocol.js';
import type { Series } from '../transport/batch.js';
import { describeQuery } from './describe-query.js';
import type { DrainJournal } from './drain-journal.js';
import { type Drained, RingReader } from './ring-reader.js';
import type { AnyCell } from './window.js';

export interface DrainedAll extends Drained {
  /** The fullest ring as a share of its capacity, 0 to 1. */
  readonly fullest: number;
}

export class RingTable {
  readonly #rings = new Set<RingReader>();
  readonly #cellOf: (series: Series) => AnyCell;
  readonly #journal: DrainJournal;
  readonly #onQuery: (statement: Series, described: Series) => void;
  #onFilled: () => void = () => {};

  /** `onQuery` is shown each query that is defined, with its statement and without it. */
  constructor(
    cellOf: (series: Series) => AnyCell,
    journal: DrainJournal,
    onQuery: (statement: Series, described: Series) => void = () => {},
  ) {
    this.#cellOf = cellOf;
    this.#journal = journal;
    this.#onQuery = onQuery;
  }

  /** Records written and not yet read, in all rings. */
  get pending(): number {
    let pending = 0;
    for (const ring of this.#rings) pending += ring.pending;
    return pending;
  }

  /** Reads `ring` from now on, until its thread has ended and it is empty. Once a ring. */
  attach({ ring, slot }: ThreadRing): void {
    // The only way out of a ring: no statement passes it as it is.
    const cellOf = (series: Series): AnyCell => {
      const described = describeQuery(series);
      if (described !== series) this.#onQuery(series, described);
      return this.#cellOf(ofThread(described, slot));
    };
    const reader = new RingReader(ring, cellOf, this.#journal);
    this.#rings.add(reader);
    void this.#watch(reader);
  }

  /** What a series id of the ring of a thread stands for; undefined when the ring is gone. */
  series(threadId: number, id: number): Series | undefined {
    for (const ring of this.#rings) if (ring.threadId === threadId) return ring.series(id);
    return undefined;
  }

  /** Asks a thread where the call of that number of a series in one unit is made; with 0 no more. */
  want(threadId: number, series: number, call: number): void {
    for (const ring of this.#rings) if (ring.threadId === threadId) ring.want(series, call);
  }

  /** Calls `onFilled` whenever a quarter of a ring has been filled. */
  listen(onFilled: () => void): void {
    this.#onFilled = onFilled;
  }

  async #watch(reader: RingReader): Promise<void> {
    while (this.#rings.has(reader)) {
      await reader.filled();
      // Released meanwhile, which ends the wait too.
      if (this.#rings.has(reader)) this.#onFilled();
    }
  }

  drain(): DrainedAll {
    let [records, foreground, dropped, invalid, fullest] = [0, 0, 0, 0, 0];
    for (const ring of this.#rings) {
      fullest = Math.max(fullest, ring.pending / ring.capacity);
      const drained = ring.drain();
      records += drained.records;
      foreground += drained.foreground;
      dropped += drained.dropped;
      invalid += drained.invalid;
      if (ring.isSpent) this.#release(ring);
    }
    return { records, foreground, dropped, invalid, fullest };
  }

  #release(ring: RingReader): void {
    this.#rings.delete(ring);
    ring.release();
  }
}

/** Metrics of which each thread has its own. */
const PER_THREAD: ReadonlySet<string> = new Set(
  METRICS.filter(({ attributes }) => attributes.includes(THREAD_SLOT)).map(({ name }) => name),
);

/** The thread does not know its slot: it is given with the ring. The main thread has none. */
function ofThread(series: Series, slot: number): Series {
  if (slot === 0 || !PER_THREAD.has(series.name)) return series;
  // The overflow series of a thread stands for every attribute of its metric.
  if (series.attributes.some(([name]) => name === THREAD_SLOT)) return series;
  const attributes = [...series.attributes, [THREAD_SLOT, String(slot)] as const];
  return { ...series, attributes: attributes.sort(([a], [b]) => (a < b ? -1 : 1)) };
}
