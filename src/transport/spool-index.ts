/** What lies in a spool folder, as this process knows it: all batches by file name, and their sum. */
import { parseBatchName } from './spool-name.js';
import { oldest, type Waiting } from './waiting.js';

/** `mine` when this process may send it; the others count for the limits. */
export interface SpoolEntry extends Waiting {
  readonly file: string;
  readonly mine: boolean;
}

export class SpoolIndex {
  readonly #ownerName: string;
  readonly #entries = new Map<string, SpoolEntry>();
  #bytes = 0;

  constructor(ownerName: string) {
    this.#ownerName = ownerName;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Of those that are being sent, and can make no room. */
  get sendingBytes(): number {
    let bytes = 0;
    for (const entry of this.#entries.values()) if (entry.sending) bytes += entry.bytes;
    return bytes;
  }

  has(file: string): boolean {
    return this.#entries.has(file);
  }

  entries(): SpoolEntry[] {
    return [...this.#entries.values()];
  }

  oldest(): SpoolEntry | undefined {
    return oldest(this.#entries.values());
  }

  /** Undefined when the name is not that of a batch. */
  add(file: string, bytes: number): SpoolEntry | undefined {
    const name = parseBatchName(file);
    if (name === undefined) return undefined;
    const { boot, sequence, records, closedMs, owner } = name;
    const mine = owner === this.#ownerName;
    const entry = { boot, sequence, records, closedMs, bytes, file, mine, sending: false };
    this.delete(file);
    this.#entries.set(file, entry);
    this.#bytes += bytes;
    return entry;
  }

  delete(file: string): void {
    this.#bytes -= this.#entries.get(file)?.bytes ?? 0;
    this.#entries.delete(file);
  }
}
