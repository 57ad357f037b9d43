/**
 * The consumer's side of a ring. Runs in the agent's worker; one reader a ring. The memory map is
 * in src/shared/ring-layout.ts.
 */
import {
  CAPACITY,
  DEFINED_BYTES,
  DROPPED,
  DROPPED_SEEN,
  definitionsOf,
  HEAD,
  HEADER_BYTES,
  isRing,
  isSpent,
  MAGIC,
  pendingIn,
  QUARTERS,
  RING_VERSION,
  SCALED_BY,
  SCALED_FLAG,
  TAIL,
  THREAD_ID,
  VERSION,
  WANTED,
  wantedIndex,
  wantedOf,
} from '../shared/ring-layout.js';
import type { Series } from '../transport/batch.js';
import type { DrainJournal } from './drain-journal.js';
import type { AnyCell } from './window.js';

const ERROR_TYPE = 'error.type';

export interface Drained {
  /** Records folded into cells. */
  readonly records: number;
  /** Those of them that the application's own work made, as opposed to the clock. */
  readonly foreground: number;
  /** Records the producer dropped since the last drain because the ring was full. */
  readonly dropped: number;
  /** Records whose series has no definition. */
  readonly invalid: number;
}

export class RingReader {
  readonly capacity: number;
  readonly #header: Int32Array;
  readonly #slots: Uint32Array;
  readonly #definitions: Uint8Array;
  readonly #wanted: Uint8Array;
  readonly #cellOf: (series: Series) => AnyCell;
  readonly #journal: DrainJournal;
  /** Cells by the ring's own series ids. */
  readonly #cells: (AnyCell | undefined)[] = [];
  #definedBytes = 0;
  #quartersSeen: number;

  /** @throws {Error} when `ring` is not a ring of this version. */
  constructor(ring: SharedArrayBuffer, cellOf: (series: Series) => AnyCell, journal: DrainJournal) {
    this.#header = new Int32Array(ring, 0, HEADER_BYTES / 4);
    if (!isRing(this.#header)) {
      const [magic, version] = [this.#header[MAGIC], this.#header[VERSION]];
      throw new Error(`ring: expected version ${RING_VERSION}, got ${magic}/${version}`);
    }
    this.capacity = this.#header[CAPACITY]!;
    this.#slots = new Uint32Array(ring, HEADER_BYTES, this.capacity * 2);
    this.#definitions = definitionsOf(ring, this.capacity);
    this.#wanted = wantedOf(ring);
    this.#cellOf = cellOf;
    this.#journal = journal;
    this.#quartersSeen = Atomics.load(this.#header, QUARTERS);
    journal.redo(this.#header);
  }

  /** Id of the thread that writes it, 0 on the main thread. */
  get threadId(): number {
    return this.#header[THREAD_ID]!;
  }

  /** What a series id of this ring stands for. */
  series(id: number): Series | undefined {
    this.#readDefinitions();
    return this.#cells[id]?.series;
  }

  /**
   * Asks the producer where the call of that number of `series` in one unit is made, 1 to 255; with 0 no more. Of
   * a query that failed it knows the statement by the series of those that did not.
   */
  want(series: number, call: number): void {
    Atomics.store(this.#wanted, wantedIndex(this.#withoutError(series)), call);
    const isAny = call !== 0 || this.#wanted.some((other) => other !== 0);
    Atomics.store(this.#header, WANTED, isAny ? 1 : 0);
  }

  #withoutError(id: number): number {
    const names = (series: Series | undefined): string =>
      JSON.stringify(series?.attributes.filter(([name]) => name !== ERROR_TYPE));
    const own = this.#cells[id]?.series;
    if (!own?.attributes.some(([name]) => name === ERROR_TYPE)) return id;
    const found = this.#cells.findIndex(
      (cell) =>
        cell?.series.name === own.name &&
        isWithout(cell.series) &&
        names(cell.series) === names(own),
    );
    return found < 0 ? id : found;
  }

  /** Records written and not yet read. */
  get pending(): number {
    return pendingIn(this.#header);
  }

  /** True when the producer is gone and everything has been read. */
  get isSpent(): boolean {
    return isSpent(this.#header);
  }

  /**
   * Resolves when the producer has filled another quarter of the ring, and after `release`. Keeps no
   * thread alive. (Atomics.waitAsync is ES2024, in V8 since Node 16.)
   */
  async filled(): Promise<void> {
    const { waitAsync } = Atomics as unknown as WaitAsync;
    await waitAsync(this.#header, QUARTERS, this.#quartersSeen).value;
    this.#quartersSeen = Atomics.load(this.#header, QUARTERS);
  }

  /** Nobody reads this ring any more: ends what waits for it. */
  release(): void {
    Atomics.notify(this.#header, QUARTERS);
  }

  /** Folds everything written so far into cells, frees the slots and counts it in the ledger. */
  drain(): Drained {
    const head = Atomics.load(this.#header, HEAD);
    this.#readDefinitions();
    const cells = this.#cells;
    const slots = this.#slots;
    const mask = this.capacity - 1;
    const tail = this.#header[TAIL]!;
    const written = (head - tail) >>> 0;
    // More than a ring can hold means damaged positions: never walk round it.
    const records = Math.min(written, this.capacity);
    let invalid = written - records;
    let background = 0;
    for (let i = 0; i < records; i++) {
      const slot = ((tail + i) & mask) << 1;
      const series = slots[slot]!;
      const value = slots[slot + 1]!;
      const isScaled = series >= SCALED_FLAG;
      const cell = cells[isScaled ? series - SCALED_FLAG : series];
      if (cell === undefined) {
        invalid += 1;
        continue;
      }
      cell.record(isScaled ? value * SCALED_BY : value);
      if (cell.isBackground) background += 1;
    }
    const folded = written - invalid;
    // The counter is the producer's; what of it has been accounted for is ours. Both wrap.
    const refused = Atomics.load(this.#header, DROPPED);
    const dropped = (refused - this.#header[DROPPED_SEEN]!) >>> 0;
    this.#journal.commit(this.#header, { tail: head, refused, records: folded, dropped, invalid });
    return { records: folded, foreground: folded - background, dropped, invalid };
  }

  /** Lines `[id, name, kind, unit, scale, [attribute, value, …]]`, complete up to DEFINED_BYTES. */
  #readDefinitions(): void {
    const end = Atomics.load(this.#header, DEFINED_BYTES);
    if (end === this.#definedBytes) return;
    // A TextDecoder takes no shared memory.
    const text = Buffer.from(this.#definitions.slice(this.#definedBytes, end)).toString();
    this.#definedBytes = end;
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const [id, name, kind, unit, scale, flat] = JSON.parse(line) as Definition;
      this.#cells[id] = this.#cellOf({ name, kind, unit, scale, attributes: pairsOf(flat) });
    }
  }
}

function isWithout({ attributes }: Series): boolean {
  return attributes.every(([name]) => name !== ERROR_TYPE);
}

interface WaitAsync {
  waitAsync(words: Int32Array, index: number, value: number): { value: unknown };
}

type Definition = [
  id: number,
  name: string,
  kind: Series['kind'],
  unit: string,
  scale: number,
  attributes: string[],
];

/** In the order of the batch: sorted by name. */
function pairsOf(flat: readonly string[]): Series['attributes'] {
  const pairs: (readonly [string, string])[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) pairs.push([flat[i]!, flat[i + 1]!]);
  return pairs.sort(([a], [b]) => (a < b ? -1 : 1));
}
