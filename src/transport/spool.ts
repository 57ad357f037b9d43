/**
 * Batches on disk until they are delivered: one folder for each destination, one file for each batch.
 * Runs in the agent's worker; several processes may share a folder. A file belongs to the owner in its
 * name, who alone sends it; one heir takes over a dead owner's files, by renaming them.
 *
 * Bounded: bytes of all processes together by `bytesMax` and by a share of the disk (but for the batch
 * that each is just writing), files by FILES_MAX, age by `ageMaxMs`. The oldest goes first, whoever
 * owns it; each process counts the loss of its own.
 *
 * Methods throw what the file system throws (`backlog.ts` falls back to memory), and the index is
 * right even then. What is damaged on the disk is counted and set aside, and never thrown: a file that
 * cannot be read, moved or removed must not keep the others from being sent (promise P8).
 */
import { join } from 'node:path';
import { writeWhole } from '../shared/write-whole.js';
import type { Parcel } from './sender.js';
import { claimOwner, ownerOf, releaseClaim, takeOver } from './spool-claim.js';
import { encodeSpoolFile } from './spool-file.js';
import {
  diskBytesLeft,
  listNames,
  openFolder,
  openRoot,
  removeIfPossible,
  sizeOf,
} from './spool-folder.js';
import { type SpoolEntry, SpoolIndex } from './spool-index.js';
import { type Fate, LeavingFiles } from './spool-leaving.js';
import { batchName, ownerName, parseBatchName, parseOwned } from './spool-name.js';
import { LivingMarker, ownerLives, removeMarker } from './spool-owner.js';
import { readSpoolFile } from './spool-read.js';
import { adoptSlots, SpoolSlots } from './spool-slots.js';
import { Unsynced } from './spool-unsynced.js';
import type { SpoolEvents, Waiting } from './waiting.js';

/** Files in the folder, whoever owns them: at 200 bytes each the index takes 2 MB. */
const FILES_MAX = 10_000;
/** What is set aside for people takes at most this share of the limit, refused and damaged each. */
const ASIDE_SHARE = 1 / 16;
/** The spool takes at most this share of what the disk has for it, and never the last bytes. */
export const DISK_SHARE_MAX = 0.8;
const DISK_SPARE_BYTES = 64 * 1024;

export interface SpoolOptions {
  readonly root: string;
  /** The destination's folder in it. */
  readonly key: string;
  readonly bytesMax: number;
  readonly ageMaxMs: number;
  /** Of this process. */
  readonly boot: string;
  readonly nowMs: () => number;
}

export class Spool {
  readonly #options: SpoolOptions;
  readonly #folder: string;
  readonly #owner: string;
  readonly #marker: LivingMarker;
  readonly #slots: SpoolSlots;
  readonly #index: SpoolIndex;
  readonly #unsynced: Unsynced;
  readonly #leaving: LeavingFiles;
  #events: SpoolEvents = { onLost: noOne, onAdopted: noOne, onDamaged: noOne };
  /** Checkpoints, files being written and files that are stuck, of all processes. */
  #otherBytes = 0;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#owner = ownerName(process.pid, options.boot);
    this.#folder = join(options.root, options.key);
    this.#slots = new SpoolSlots(this.#folder, this.#owner);
    this.#marker = new LivingMarker(this.#folder, this.#owner);
    this.#index = new SpoolIndex(this.#owner);
    this.#leaving = new LeavingFiles(this.#folder, options.bytesMax * ASIDE_SHARE);
    this.#unsynced = new Unsynced(this.#folder);
  }

  listen(events: SpoolEvents): void {
    this.#events = events;
  }

  /**
   * Makes the folders and looks around.
   * @param afterCrash takes over the checkpoint that an earlier worker of this process left; once
   *   this worker writes checkpoints of its own, it must not
   */
  open(afterCrash: boolean): void {
    openRoot(this.#options.root);
    openFolder(this.#folder);
    this.#marker.touch(this.#options.nowMs(), true);
    this.scan();
    if (afterCrash) this.#adoptSlots(this.#owner);
  }

  /** Batches that this process has to send, in no order. */
  mine(): Waiting[] {
    return this.#index.entries().filter((entry) => entry.mine);
  }

  /** Bytes of all files that `bytesMax` bounds, at the last scan. */
  get bytes(): number {
    return this.#index.bytes + this.#otherBytes;
  }

  append(parcel: Parcel): Waiting {
    const bytes = encodeSpoolFile(parcel);
    this.#makeRoom(bytes.length);
    const file = batchName(parcel, this.#owner);
    writeWhole(join(this.#folder, file), bytes, false);
    const entry = this.#index.add(file, bytes.length);
    if (entry === undefined) throw new Error(`spool: expected the name of a batch, got ${file}`);
    this.#unsynced.add(entry);
    return entry;
  }

  /** Apart from `append`: a batch whose sync fails is stored all the same. */
  syncWhenDue(): void {
    const upTo = this.#unsynced.syncWhenDue(this.#options.nowMs());
    if (upTo > 0) this.#slots.clear(upTo);
  }

  /** The batch, or undefined when it is gone, damaged or unreadable, which is counted. */
  read(waiting: Waiting): Parcel | undefined {
    const { file } = waiting;
    // Opening the folder anew may have found that it is gone, and counted it.
    if (file === undefined || !this.#index.has(file)) return undefined;
    const parcel = readSpoolFile(join(this.#folder, file)) ?? 'it is gone';
    if (typeof parcel !== 'string') return parcel;
    this.#discard(waiting, 'damaged');
    this.#events.onDamaged(`spool file ${file}: ${parcel}`);
    this.#events.onLost(waiting, 'corrupt');
    return undefined;
  }

  /** It is delivered, or refused for good. The file goes with the next `sweep`. */
  finish(waiting: Waiting, fate: 'remove' | 'refused'): void {
    if (waiting.file !== undefined) this.#discard(waiting, fate);
  }

  /** Removes or sets aside the files that are done with. */
  sweep(): void {
    for (const file of this.#leaving.sweep()) {
      const { boot, sequence } = parseBatchName(file)!;
      if (boot === this.#options.boot) this.#slots.clear(sequence);
    }
  }

  checkpoint(parcel: Parcel): void {
    this.syncWhenDue();
    this.#slots.write(parcel, this.#options.nowMs());
  }

  /** At the end of the process: whoever comes next need not wait to take over. */
  close(): void {
    this.#slots.clear(Number.MAX_SAFE_INTEGER);
    removeMarker(this.#folder, this.#owner);
  }

  /** Brings the index in line with the folder: orphans, files that went, age. */
  scan(): void {
    this.#marker.touch(this.#options.nowMs(), false);
    this.#leaving.retryStuck();
    this.sweep();
    const names = listNames(this.#folder);
    const living = new Map<string, boolean>([[this.#owner, true]]);
    this.#otherBytes = 0;
    for (const name of names) {
      const owner = ownerOf(name);
      if (owner === undefined) continue;
      let lives = living.get(owner);
      if (lives === undefined) {
        lives = ownerLives(this.#folder, owner, this.#options.nowMs());
        living.set(owner, lives);
      }
      if (lives && !this.#index.has(name)) this.#discover(name);
    }
    this.#inherit([...living.keys()].filter((owner) => !living.get(owner)));
    this.#dropGone(new Set(names));
    this.#dropExpired();
  }

  /** A file of a living owner that the index does not know yet. */
  #discover(name: string): void {
    const path = join(this.#folder, name);
    const bytes = sizeOf(path);
    if (bytes === undefined) return;
    if (this.#leaving.isStuck(name)) {
      this.#otherBytes += bytes;
      return;
    }
    if (parseBatchName(name) !== undefined) {
      const entry = this.#index.add(name, bytes);
      // Ours, and not of this worker's writing: its predecessor crashed.
      if (entry?.mine) this.#events.onAdopted(entry, false);
      return;
    }
    const owned = parseOwned(name);
    // Nothing of ours is half written while we look: it is a crashed worker's.
    if (owned?.kind === 'temporary' && owned.owner === this.#owner) removeIfPossible(path);
    else this.#otherBytes += bytes;
  }

  #inherit(owners: readonly string[]): void {
    const won: string[] = [];
    for (const dead of owners) {
      const left = claimOwner(this.#folder, dead, this.#owner, this.#options.nowMs());
      if (left === undefined) continue;
      for (const name of left) {
        const claimed = takeOver(this.#folder, name, this.#owner);
        if (claimed === undefined) continue;
        this.#index.delete(name);
        this.#take(claimed, false);
      }
      won.push(dead);
    }
    // After the batches, so that a checkpoint whose batch is finished is known to be worthless.
    for (const dead of won) {
      this.#adoptSlots(dead);
      releaseClaim(this.#folder, dead, this.#owner);
    }
  }

  #adoptSlots(deadOwner: string): void {
    // An earlier heir may have come half the way: its batches count, whoever has them now.
    const batches = listNames(this.#folder).map(parseBatchName);
    const adopted = adoptSlots(this.#folder, deadOwner, this.#owner, ({ identity }) =>
      batches.some((name) => name?.boot === identity.boot && name.sequence === identity.sequence),
    );
    if (adopted === 'damaged') {
      this.#events.onDamaged(`checkpoint of ${deadOwner}: it could not be read`);
    } else if (adopted !== undefined) {
      this.#take(adopted, true);
    }
  }

  #take(file: string, wasCheckpoint: boolean): void {
    const entry = this.#index.add(file, sizeOf(join(this.#folder, file)) ?? 0);
    if (entry !== undefined) this.#events.onAdopted(entry, wasCheckpoint);
  }

  /** Files that someone else removed: another process that made room, or a person. */
  #dropGone(present: ReadonlySet<string>): void {
    for (const entry of this.#index.entries()) {
      if (present.has(entry.file) || entry.sending) continue;
      // Not listed, and there: it was claimed a moment ago.
      if (sizeOf(join(this.#folder, entry.file)) === undefined) this.#lose(entry, 'evicted');
    }
  }

  #dropExpired(): void {
    const oldestMs = this.#options.nowMs() - this.#options.ageMaxMs;
    for (const entry of this.#index.entries()) {
      if (entry.mine && !entry.sending && entry.closedMs < oldestMs) this.#lose(entry, 'expired');
    }
    this.sweep();
  }

  #makeRoom(size: number): void {
    this.scan();
    const own = Math.floor(this.#options.bytesMax * (1 - 2 * ASIDE_SHARE));
    const left = diskBytesLeft(this.#folder);
    // A disk that others fill does not shrink what is there: new batches replace old ones.
    const share = Math.floor(DISK_SHARE_MAX * (left + this.bytes));
    const max = Math.min(own, Math.max(this.bytes, share));
    // Memory has room that a full disk has not: nothing old need go for it. Nor for what would not
    // fit then either, beside the checkpoints of others and what is being sent.
    const fixed = this.#otherBytes + this.#index.sendingBytes;
    if (fixed + size > max || left < size + DISK_SPARE_BYTES) {
      throw new Error(`spool ${this.#folder}: no room for a batch of ${size} bytes`);
    }
    const filesMax = FILES_MAX - this.#leaving.stuckCount;
    while (this.bytes + size > max || this.#index.size >= filesMax) {
      const victim = this.#index.oldest();
      if (victim === undefined) throw new Error(`spool ${this.#folder}: no room, all is in use`);
      this.#lose(victim, 'evicted');
    }
    this.sweep();
  }

  #lose(entry: SpoolEntry, reason: 'evicted' | 'expired'): void {
    this.#discard(entry, 'remove');
    if (entry.mine) this.#events.onLost(entry, reason);
  }

  #discard(waiting: Waiting, fate: Fate): void {
    this.#index.delete(waiting.file!);
    this.#unsynced.forget(waiting);
    this.#leaving.add(waiting.file!, fate);
  }
}

function noOne(): void {}
