/**
 * The batches of this process that may be in the system's cache only. Runs in the agent's worker.
 * Bounded by the spool, whose batches they are.
 */
import { join } from 'node:path';
import { syncFolder } from '../shared/write-whole.js';
import { isFaultOfFile } from './file-fault.js';
import { syncFile } from './spool-folder.js';
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

  /**
   * Waits for the disk when that is due: all are there up to the returned sequence, 0 if not due.
   * @throws what the system throws. A file that is at fault itself was tried once and is not waited
   *   for again: a later sync would not say what became of it, and would fail for the others.
   */
  syncWhenDue(nowMs: number): number {
    if (this.#batches.length === 0 || Math.abs(nowMs - this.#syncedMs) < SYNC_INTERVAL_MS) return 0;
    let fault: unknown;
    for (const { file } of this.#batches) {
      try {
        syncFile(join(this.#folder, file!));
      } catch (error) {
        if (!isFaultOfFile(error)) throw error;
        fault = error;
      }
    }
    syncFolder(this.#folder);
    const upTo = Math.max(...this.#batches.map(({ sequence }) => sequence));
    this.#batches = [];
    this.#syncedMs = nowMs;
    if (fault !== undefined) throw fault;
    return upTo;
  }
}
