/**
 * The rings of the process's threads, on the main thread. Each is kept from its thread's first word
 * until the thread has ended and the ring is empty, whether the agent's worker is up or not; that one
 * gets them all at each start, and new ones as they come. Bounded by THREADS_MAX.
 *
 * Threads speak on a BroadcastChannel. It costs the main thread 0.8 ms of CPU (Node 20.20), so it is
 * opened when the first thread is made: an application without threads never has it.
 */
import type { BroadcastChannel } from 'node:worker_threads';
import {
  CLOSED,
  discard,
  HEADER_BYTES,
  isRing,
  isSpent,
  THREAD_ID,
} from '../shared/ring-layout.js';
import {
  type FromThread,
  type OnThreadChannel,
  THREAD_CHANNEL,
  type ThreadRing,
} from '../shared/worker-protocol.js';
import { guarded, type Warn } from './guarded.js';
import { workerThreads } from './late-builtins.js';

/** With rings of 1 MiB, 256 MiB at most, of which only what was written takes memory. */
const THREADS_MAX = 256;

interface Thread extends ThreadRing {
  readonly header: Int32Array;
  readonly within: readonly number[];
}

export class ThreadHub {
  readonly #mainRing: SharedArrayBuffer;
  readonly #onRing: (ring: ThreadRing) => void;
  readonly #onWord: (word: FromThread) => void;
  readonly #onLost: (records: number) => void;
  readonly #warn: Warn;
  /** Worker threads by their ids, in the order in which they began. */
  readonly #threads = new Map<number, Thread>();
  /** Guarded: anyone may speak on the channel. */
  readonly #hear: (message: unknown) => void;
  #channel: BroadcastChannel | undefined;
  #isOff = false;

  /**
   * `onRing` gets each ring that comes, once; `onWord` what a thread tells that is no record;
   * `onLost` what was in a ring that came past the limit.
   */
  constructor(
    mainRing: SharedArrayBuffer,
    onRing: (ring: ThreadRing) => void,
    onWord: (word: FromThread) => void,
    onLost: (records: number) => void,
    warn: Warn,
  ) {
    this.#mainRing = mainRing;
    this.#onRing = onRing;
    this.#onWord = onWord;
    this.#onLost = onLost;
    this.#warn = warn;
    this.#hear = guarded('threads', warn, (message) => this.#take(message as OnThreadChannel));
  }

  /** Every ring that may hold something, or get it: for a worker that starts. */
  get rings(): readonly ThreadRing[] {
    const rings = [...this.#threads.values()].map(({ ring, slot }) => ({ ring, slot }));
    return [{ ring: this.#mainRing, slot: 0 }, ...rings];
  }

  /** Listens to threads from now on; what they say waits until this thread's loop turns. */
  listen(): void {
    if (this.#isOff || this.#channel !== undefined) return;
    const channel = new (workerThreads().BroadcastChannel)(THREAD_CHANNEL);
    channel.onmessage = (event: unknown) => this.#hear((event as { data: unknown }).data);
    channel.unref();
    this.#channel = channel;
  }

  /** Takes what threads have said already: what has ended must be known before its end is. */
  collect(): void {
    if (this.#channel === undefined) return;
    const { receiveMessageOnPort } = workerThreads();
    // The type lacks the channel; the documentation has it.
    const port = this.#channel as unknown as Parameters<typeof receiveMessageOnPort>[0];
    for (let said = receiveMessageOnPort(port); said; said = receiveMessageOnPort(port)) {
      this.#hear(said.message);
    }
  }

  /** A thread has ended, perhaps without a word, and with it those that it made. */
  end(threadId: number): void {
    this.collect();
    this.#close(threadId);
  }

  /** Lets go of rings that are spent. */
  release(): void {
    for (const [threadId, { header }] of this.#threads) {
      if (isSpent(header)) this.#threads.delete(threadId);
    }
  }

  /** Nobody will read a ring again: keeps none, and listens no more. */
  stop(): void {
    this.#isOff = true;
    this.#threads.clear();
    this.#channel?.close();
    this.#channel = undefined;
  }

  #take(message: OnThreadChannel): void {
    switch (message.type) {
      case 'ring':
        this.#attach(message.ring, message.within);
        return;
      case 'ended':
        this.#close(message.threadId);
        return;
      case 'trace':
      case 'suspect':
      case 'leak':
      case 'event':
        this.#onWord(message);
        return;
    }
  }

  #attach(ring: SharedArrayBuffer, within: readonly number[]): void {
    const header = new Int32Array(ring, 0, HEADER_BYTES / 4);
    const threadId = header[THREAD_ID]!;
    // Another version of the package may run in a thread; and what ends says its word twice.
    if (!isRing(header) || this.#threads.has(threadId) || isSpent(header)) return;
    this.release();
    if (this.#threads.size >= THREADS_MAX) {
      this.#warn('TACHO_THREAD_LIMIT', `The limit is ${THREADS_MAX}.`);
      // At its end the ring comes again: by then there is room, or its records are counted as lost.
      if (Atomics.load(header, CLOSED) === 1) this.#onLost(discard(header));
      return;
    }
    const thread: Thread = { ring, slot: this.#freeSlot(), header, within };
    this.#threads.set(threadId, thread);
    this.#onRing({ ring, slot: thread.slot });
  }

  /** A thread that has ended needs its slot no more, even if its ring still holds something. */
  #freeSlot(): number {
    const taken = new Set<number>();
    for (const { header, slot } of this.#threads.values()) {
      if (Atomics.load(header, CLOSED) === 0) taken.add(slot);
    }
    let slot = 1;
    while (taken.has(slot)) slot += 1;
    return slot;
  }

  #close(threadId: number): void {
    for (const [id, { header, within }] of this.#threads) {
      if (id === threadId || within.includes(threadId)) Atomics.store(header, CLOSED, 1);
    }
  }
}
