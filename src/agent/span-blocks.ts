/**
 * One buffer in blocks of equal size, which are lent, chained and given back. Any application thread; hot
 * path. Its memory is reserved when the first block is taken, and the system gives it as it is written to.
 */

/** No block. */
export const NONE = -1;

const UNRESERVED: Int32Array = new Int32Array(0);

export class SpanBlocks {
  words: Int32Array = UNRESERVED;
  readonly #blocksMax: number;
  readonly #blockWords: number;
  /** Of each block, the one after it: in its chain, or among those that are free. */
  #next: Int32Array = UNRESERVED;
  /** The one that was given back last. */
  #free = NONE;
  /** So many were ever taken: the first ones. */
  #begun = 0;

  constructor(blocksMax: number, blockWords: number) {
    this.#blocksMax = blocksMax;
    this.#blockWords = blockWords;
  }

  /** NONE when all are lent. */
  take(): number {
    const free = this.#free;
    if (free !== NONE) {
      this.#free = this.#next[free]!;
      return free;
    }
    if (this.#begun === this.#blocksMax) return NONE;
    if (this.#begun === 0) this.#reserve();
    this.#begun += 1;
    return this.#begun - 1;
  }

  chain(last: number, block: number): void {
    this.#next[last] = block;
  }

  next(block: number): number {
    return this.#next[block]!;
  }

  /** A whole chain. */
  give(first: number, last: number): void {
    this.#next[last] = this.#free;
    this.#free = first;
  }

  #reserve(): void {
    this.words = new Int32Array(this.#blocksMax * this.#blockWords);
    this.#next = new Int32Array(this.#blocksMax);
  }
}
