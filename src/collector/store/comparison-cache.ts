/**
 * Comparisons that took long, told again for some minutes: they are of whole hours, and a page that lies open asks with
 * each refresh. Who asks for one that is being made waits for the same. Bounded in number; owned by the store.
 */
import type { CompareRequest, CompareResult } from '../query/run-compare.js';

type Answer = Promise<CompareResult | undefined>;

interface Kept {
  readonly answer: Answer;
  /** Unix ms; infinite while it is being made. */
  untilMs: number;
}

/** What took less is made anew, so that it is never older than the data. */
const LONG_MS = 1000;
const KEPT_MS = 300_000;
/** Of at most 500 rows each; the oldest makes room. */
const KEPT_MAX = 20;

export class ComparisonCache {
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();

  /** @param now Unix ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** What was found, or is being found, else what `ask` finds. */
  get(request: CompareRequest, ask: () => Answer): Answer {
    const key = JSON.stringify(request);
    const known = this.#kept.get(key);
    const askedMs = this.#now();
    if (known !== undefined && askedMs < known.untilMs) return known.answer;
    const answer = ask();
    const kept = { answer, untilMs: Number.POSITIVE_INFINITY };
    this.#keep(key, kept);
    const forget = (): void => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    };
    answer.then(() => {
      const endMs = this.#now();
      if (endMs - askedMs < LONG_MS) forget();
      else kept.untilMs = endMs + KEPT_MS;
    }, forget);
    return answer;
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key);
    for (const [oldest] of this.#kept) {
      if (this.#kept.size < KEPT_MAX) break;
      this.#kept.delete(oldest);
    }
    this.#kept.set(key, kept);
  }
}
