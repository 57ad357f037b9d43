/**
 * Which of some items are in a window that only moves forward: two indexes, so that a whole range costs as many steps as it
 * has items, however often the window moves. Pure.
 */

interface Timed {
  readonly timeMs: number;
}

export class SlidingWindow<Item extends Timed> {
  readonly #items: readonly Item[];
  readonly #widthMs: number;
  #first = 0;
  #next = 0;

  /** @param items ascending */
  constructor(items: readonly Item[], widthMs: number) {
    this.#items = items;
    this.#widthMs = widthMs;
  }

  /**
   * To what is later than `toMs` less the width, and no later than `toMs`. What a move passes over has entered and left.
   * @param toMs no earlier than the last
   */
  moveTo(toMs: number): { readonly entered: readonly Item[]; readonly left: readonly Item[] } {
    const [first, next] = [this.#first, this.#next];
    while (this.#timeMs(this.#next) <= toMs) this.#next++;
    while (this.#timeMs(this.#first) <= toMs - this.#widthMs) this.#first++;
    return {
      entered: this.#items.slice(next, this.#next),
      left: this.#items.slice(first, this.#first),
    };
  }

  /** In the window now. */
  get items(): readonly Item[] {
    return this.#items.slice(this.#first, this.#next);
  }

  #timeMs(index: number): number {
    return this.#items[index]?.timeMs ?? Number.POSITIVE_INFINITY;
  }
}
