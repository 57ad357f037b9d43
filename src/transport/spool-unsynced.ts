/**
 * The batches of this process that may be in the system's cache only. Runs in the agent's worker.
 * Bounded by the spool, whose batches they are.
 */
import { join } from 'node:path';
import { syncFile, syncFolder } from './spool-folder.js';
import type { Waiting } from './waiting.js';

/** How long a batch may be in the system's cache only: with a checkpoint a second, 5 s in all. */
const SYNC_INTERVAL_MS = 4000;

export class Unsynced {
  readonly #folder: string;
  #batches: Waiting[] = [];
  #syncedMs = Number.NEGATIVE_INFINITY;

  constructor(folder: string) {
    this.#folder = folder;
  }

  add(batch: Waiting): void {
    this.#batches.push(batch);
  }

  /** It is done with, and need not reach the disk. */
  forget(batch: Waiting): void {
    this.#batches = this.#batches.filter((other) => other !== batch);
  }

  /** Waits for the disk when that is due: all are there up to the returned sequence, 0 if not due. */
  syncWhenDue(nowMs: number): number {
    if (this.#batches.length === 0 || Math.abs(nowMs - this.#syncedMs) < SYNC_INTERVAL_MS) return 0;
    for (const { file } of this.#batches) syncFile(join(this.#folder, file!));
    syncFolder(this.#folder);
    const upTo = Math.max(...this.#batches.map(({ sequence }) => sequence));
    this.#batches = [];
    this.#syncedMs = nowMs;
    return upTo;
  }
}
