/**
 * Spool files that are no batches to send any more and wait for the disk to let them go. Runs in the
 * agent's worker. A file that will not go must not hold up the others (promise P8): it is tried again
 * at the next scan, and counts for the spool's limits as long as it lies there, which bounds this.
 */
import { join } from 'node:path';
import { removeFile, setAside } from './spool-folder.js';

/** What becomes of the file. */
export type Fate = 'remove' | 'refused' | 'damaged';

export class LeavingFiles {
  readonly #folder: string;
  /** What is set aside for people takes at most this, refused and damaged each. */
  readonly #asideBytesMax: number;
  readonly #next = new Map<string, Fate>();
  readonly #stuck = new Map<string, Fate>();

  constructor(folder: string, asideBytesMax: number) {
    this.#folder = folder;
    this.#asideBytesMax = asideBytesMax;
  }

  /** How many files would not go. */
  get stuckCount(): number {
    return this.#stuck.size;
  }

  isStuck(file: string): boolean {
    return this.#stuck.has(file);
  }

  add(file: string, fate: Fate): void {
    this.#next.set(file, fate);
  }

  /** Those that would not go get another try at the next `sweep`. */
  retryStuck(): void {
    for (const [file, fate] of this.#stuck) this.#next.set(file, fate);
    this.#stuck.clear();
  }

  /** Removes the files or sets them aside. Gives the names of all that it tried, gone or stuck. */
  *sweep(): Generator<string> {
    for (const [file, fate] of this.#next) {
      this.#next.delete(file);
      try {
        if (fate === 'remove') removeFile(join(this.#folder, file));
        else setAside(this.#folder, file, fate, this.#asideBytesMax);
      } catch {
        this.#stuck.set(file, fate);
      }
      yield file;
    }
  }
}
