/**
 * Checkpoints: the batch of the window that is still open, written about once a second, so that a
 * killed process loses at most the last second. Each process has two slots:
 *
 * - the fresh one is replaced with every checkpoint;
 * - the safe one every SAFE_INTERVAL_MS, and waits for the disk. Only it survives a power loss surely.
 *
 * A slot is a spool file with the identity that the finished batch will have, so that a receiver
 * which gets both drops the second. Both are removed when the finished batch is in the spool.
 */
import { join } from 'node:path';
import { writeWhole } from '../shared/write-whole.js';
import type { Parcel } from './sender.js';
import { encodeSpoolFile } from './spool-file.js';
import { removeIfPossible, renameIfPossible } from './spool-folder.js';
import { batchName, slotName } from './spool-name.js';
import { readSpoolFile } from './spool-read.js';

/** Promise P5: a power loss costs at most 5 s, of which one is the time between checkpoints. */
const SAFE_INTERVAL_MS = 4000;
const FRESH = 0;
const SAFE = 1;

export class SpoolSlots {
  readonly #folder: string;
  readonly #owner: string;
  #safeMs = Number.NEGATIVE_INFINITY;
  /** Of the checkpoint that lies there; none does at 0. */
  #sequence = 0;

  constructor(folder: string, owner: string) {
    this.#folder = folder;
    this.#owner = owner;
  }

  write(parcel: Parcel, nowMs: number): void {
    this.#sequence = parcel.identity.sequence;
    const safe = Math.abs(nowMs - this.#safeMs) >= SAFE_INTERVAL_MS;
    const path = join(this.#folder, slotName(this.#owner, safe ? SAFE : FRESH));
    writeWhole(path, encodeSpoolFile(parcel), safe);
    if (safe) this.#safeMs = nowMs;
  }

  /** Removes the checkpoint of a batch that is finished, not that of a later one. */
  clear(sequence: number): void {
    if (this.#sequence === 0 || this.#sequence > sequence) return;
    this.#sequence = 0;
    this.#safeMs = Number.NEGATIVE_INFINITY;
    removeIfPossible(join(this.#folder, slotName(this.#owner, FRESH)));
    removeIfPossible(join(this.#folder, slotName(this.#owner, SAFE)));
  }
}

/**
 * Turns the newest checkpoint of a dead owner into a batch of `newOwner`.
 * @param isKnown whether the finished batch is in the spool, which makes the checkpoint worthless
 * @returns the file that holds it now, `damaged` when a slot could not be read, else undefined
 */
export function adoptSlots(
  folder: string,
  deadOwner: string,
  newOwner: string,
  isKnown: (parcel: Parcel) => boolean,
): string | undefined {
  let newest: { parcel: Parcel; path: string } | undefined;
  let damaged = false;
  const paths = ([FRESH, SAFE] as const).map((slot) => join(folder, slotName(deadOwner, slot)));
  for (const path of paths) {
    const parcel = readSpoolFile(path);
    if (parcel === undefined) continue;
    if (typeof parcel === 'string') damaged = true;
    else if (newest === undefined || isNewer(parcel, newest.parcel)) newest = { parcel, path };
  }
  const kept = newest === undefined || isKnown(newest.parcel) ? undefined : newest;
  // First, so that an heir that dies here leaves no second checkpoint of the same batch.
  for (const path of paths) if (path !== kept?.path) removeIfPossible(path);
  if (kept !== undefined) {
    const name = batchName(kept.parcel, newOwner);
    if (renameIfPossible(kept.path, join(folder, name))) return name;
  }
  return damaged ? 'damaged' : undefined;
}

function isNewer(a: Parcel, b: Parcel): boolean {
  if (a.identity.sequence !== b.identity.sequence) return a.identity.sequence > b.identity.sequence;
  return a.records !== b.records ? a.records > b.records : a.closedMs > b.closedMs;
}
