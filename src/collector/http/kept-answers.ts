/**
 * Answers that took long, told again for some minutes: a page that lies open asks with each refresh. Who asks for one that is
 * being made waits for the same. Bounded in number. Reports do not come by here: they are of all that is known.
 */

interface Kept<Answer> {
  readonly answer: Promise<Answer>;
  /** By the clock given; infinite while it is being made. */
  untilMs: number;
}

/** What took less is made anew, so that it is never older than the data. */
const LONG_MS = 1000;
const KEPT_MS = 300_000;
/** Finished ones, of at most 500 rows of each kind; the oldest makes room. */
const KEPT_MAX = 20;

export class KeptAnswers<Answer> {
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept<Answer>>();

  /** @param now ms of a clock that is never set. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** What was answered to `key`, or is being answered, else what `ask` says. */
  get(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const known = this.#kept.get(key);
    const askedMs = this.#now();
    if (known !== undefined && askedMs < known.untilMs) return known.answer;
    const answer = ask();
    const kept = { answer, untilMs: Number.POSITIVE_INFINITY };
    this.#kept.set(key, kept);
    const forget = (): void => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    };
    answer.then(() => {
      const endMs = this.#now();
      if (endMs - askedMs < LONG_MS) forget();
      else this.#keep(key, kept, endMs + KEPT_MS);
    }, forget);
    return answer;
  }

  #keep(key: string, kept: Kept<Answer>, untilMs: number): void {
    kept.untilMs = untilMs;
    // Set again, so that the map's order is that of their ends.
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const finished = [...this.#kept].filter((entry) => Number.isFinite(entry[1].untilMs));
    for (const [oldest] of finished.slice(0, -KEPT_MAX)) this.#kept.delete(oldest);
  }
}
