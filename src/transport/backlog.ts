/**
 * The batches of one destination that are not yet delivered: on disk where that works, else in memory.
 * Runs in the agent's worker. Never throws: a disk that fails (full, read-only, gone, no permission,
 * no descriptors) is reported once, left alone for a while, and used again when it works.
 *
 * Bounded: the disk by the spool's limits; memory by MEMORY_BYTES_MAX, or by the newest batch and the
 * one being sent where those two alone are larger. The oldest goes first.
 */
import type { Parcel } from './sender.js';
import type { Spool } from './spool.js';
import type { OnTrouble } from './trouble.js';
import { type OnAdopted, type OnLost, oldest, type Waiting } from './waiting.js';

/** Of what is kept when a batch comes, that batch included; one alone may have 20 MiB. */
export const MEMORY_BYTES_MAX: number = 8 * 1024 * 1024;
const SPOOL_RETRY_MS = 5000;

export interface BacklogOptions {
  /** None: everything stays in memory. */
  readonly spool: Spool | undefined;
  readonly nowMs: () => number;
  readonly onTrouble: OnTrouble;
  readonly onLost: OnLost;
  readonly onAdopted: OnAdopted;
  /** It is on the disk now, and has another place in the backlog. */
  readonly onMoved: (from: Waiting, to: Waiting) => void;
}

export class Backlog {
  readonly #options: BacklogOptions;
  readonly #memory = new Map<Waiting, Parcel>();
  #memoryBytes = 0;
  /** When the disk failed; undefined while it works. */
  #failedMs: number | undefined;
  #isReported = false;
  #isOpen = false;
  #isFirst = true;

  constructor(options: BacklogOptions) {
    this.#options = options;
    const { onLost, onAdopted, onTrouble } = options;
    options.spool?.listen({
      onLost,
      onAdopted,
      onDamaged: (detail) => onTrouble('TACHO_SPOOL_DAMAGED', detail),
    });
    this.#onDisk((spool) => spool.scan());
    this.#isFirst = false;
  }

  /** Every batch that waits: the independent count behind the ledger's `pending`. */
  *all(): Generator<Waiting> {
    yield* this.#memory.keys();
    yield* this.#options.spool?.mine() ?? [];
  }

  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** Bytes in the spool folder, of all processes. */
  get spoolBytes(): number {
    return this.#options.spool?.bytes ?? 0;
  }

  /** Whether there are batches that the end of the process would lose. */
  get hasVolatile(): boolean {
    return this.#memory.size > 0;
  }

  add(parcel: Parcel): Waiting {
    return this.#store(parcel) ?? this.#keep(parcel);
  }

  /** The oldest that nobody is sending; while the disk is left alone, the oldest in memory. */
  next(): Waiting | undefined {
    return this.#isResting() ? this.nextVolatile() : oldest(this.all());
  }

  /** The same, of those that the end of the process would lose. */
  nextVolatile(): Waiting | undefined {
    return oldest(this.#memory.keys());
  }

  /** The batch itself; undefined when its file was given up, or the disk failed and is left alone. */
  take(waiting: Waiting): Parcel | undefined {
    return this.#memory.get(waiting) ?? this.#onDisk((spool) => spool.read(waiting));
  }

  /** The destination has taken it, or refused it for good. */
  finish(waiting: Waiting, fate: 'remove' | 'refused'): void {
    if (this.#forget(waiting)) return;
    this.#options.spool?.finish(waiting, fate);
    this.#onDisk((spool) => spool.sweep());
  }

  checkpoint(parcel: Parcel): void {
    this.#onDisk((spool) => spool.checkpoint(parcel));
  }

  /** Looks for orphans and old batches, and moves to the disk what waits in memory. */
  tidy(): void {
    this.#onDisk((spool) => spool.scan());
    for (const [waiting, parcel] of this.#memory) {
      if (waiting.sending) continue;
      const stored = this.#store(parcel);
      if (stored === undefined) return;
      this.#forget(waiting);
      this.#options.onMoved(waiting, stored);
    }
  }

  /** For the end of the process, which cannot leave a disk that failed alone until it is well. */
  wake(): void {
    this.#failedMs = undefined;
  }

  close(): void {
    this.#onDisk((spool) => spool.close());
  }

  #store(parcel: Parcel): Waiting | undefined {
    const waiting = this.#onDisk((spool) => spool.append(parcel));
    // Only a write that succeeds shows that a disk is well again: a full one can be read.
    if (waiting === undefined) return undefined;
    // A sync that fails is reported, and the batch is in the spool nevertheless.
    const isSynced = this.#onDisk((spool) => {
      spool.syncWhenDue();
      return true;
    });
    if (isSynced) this.#isReported = false;
    return waiting;
  }

  /** The result, or undefined when there is no disk to use now. */
  #onDisk<Result>(use: (spool: Spool) => Result): Result | undefined {
    const { spool, nowMs, onTrouble } = this.#options;
    if (spool === undefined || this.#isResting()) return undefined;
    try {
      if (!this.#isOpen) {
        spool.open(this.#isFirst);
        this.#isOpen = true;
      }
      const result = use(spool);
      this.#failedMs = undefined;
      return result;
    } catch (error) {
      if (!this.#isReported) onTrouble('TACHO_SPOOL_UNUSABLE', (error as Error).message);
      this.#isReported = true;
      this.#failedMs = nowMs();
      // The folder may have been deleted: it is made anew.
      this.#isOpen = false;
      return undefined;
    }
  }

  #isResting(): boolean {
    const failedMs = this.#failedMs;
    return failedMs !== undefined && Math.abs(this.#options.nowMs() - failedMs) < SPOOL_RETRY_MS;
  }

  #keep(parcel: Parcel): Waiting {
    const { identity, records, closedMs } = parcel;
    // msgpackr hands out views of larger buffers, which would stay alive with them. A Buffer's own
    // `slice` makes another view.
    const body = new Uint8Array(parcel.body);
    const waiting: Waiting = {
      boot: identity.boot,
      sequence: identity.sequence,
      records,
      closedMs,
      bytes: body.length,
      file: undefined,
      sending: false,
    };
    // Before it is added: the newest tells most, and must not make room for itself.
    this.#makeRoom(body.length);
    this.#memory.set(waiting, { identity, records, closedMs, body });
    this.#memoryBytes += body.length;
    return waiting;
  }

  #makeRoom(bytes: number): void {
    while (this.#memoryBytes + bytes > MEMORY_BYTES_MAX) {
      const victim = oldest(this.#memory.keys());
      if (victim === undefined) return;
      this.#forget(victim);
      this.#options.onLost(victim, 'overflow');
    }
  }

  #forget(waiting: Waiting): boolean {
    if (!this.#memory.delete(waiting)) return false;
    this.#memoryBytes -= waiting.bytes;
    return true;
  }
}
