/** What has been opened and how it is closed: the last first, each whatever became of the others. */
type Close = () => unknown;

export class Closing {
  readonly #closes: Close[] = [];

  /** Gives back `part`, which `close` closes in its turn. */
  add<Part>(part: Part, close: (part: Part) => unknown): Part {
    this.#closes.push(() => close(part));
    return part;
  }

  /** @throws {Error} the first of what closing threw, once all are closed */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (const close of this.#closes.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
