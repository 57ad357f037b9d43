/**
 * Answers to questions that are asked again: the parts of one page ask much the same, and so does each refresh of it. Owned
 * by the store, which says with each commit that they are old. An old answer is made anew, so that none is older than the
 * data, but for one that read very many rows: that is told again for twenty times as long as it took, so that pages which lie
 * open keep the collector busy for a twentieth of its time. Bounded in groups and points, of 200 to 400 B each: 8 MB at most.
 */
import type { QueryRequest, QueryResult } from '../query/query-request.js';

type Answer = Promise<QueryResult | undefined>;

/** An answer that is being made, and a guess of how many rows are read for it. */
export interface Asked {
  readonly answer: Answer;
  readonly rows: number;
}

interface Kept {
  readonly answer: Answer;
  isOld: boolean;
  /** By the clock given: told until then although it is old. */
  readonly untilMs: number;
}

const STATS_MAX = 20_000;
/** Twenty times what it takes to read one. */
const KEPT_MS_A_ROW = 0.4;
const ROWS_MIN = 10_000;
const KEPT_MS_MAX = 30_000;

export class AnswerCache {
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  #stats = 0;

  /** @param now ms of a clock that is never set. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** What was answered, or is being answered, else what `ask` says. */
  get(request: QueryRequest, ask: () => Asked): Answer {
    // Histograms are large, and rarely asked for twice.
    if (request.histogram) return ask().answer;
    const key = JSON.stringify(request);
    const known = this.#kept.get(key);
    if (known !== undefined && (!known.isOld || this.#now() < known.untilMs)) return known.answer;
    const { answer, rows } = ask();
    const keptMs = rows < ROWS_MIN ? 0 : Math.min(KEPT_MS_MAX, rows * KEPT_MS_A_ROW);
    const kept = { answer, isOld: false, untilMs: this.#now() + keptMs };
    this.#kept.set(key, kept);
    answer.then(
      (result) => this.#count(statsIn(result)),
      () => {
        if (this.#kept.get(key) === kept) this.#kept.delete(key);
      },
    );
    return answer;
  }

  #count(stats: number): void {
    this.#stats += stats;
    if (this.#stats > STATS_MAX) this.clear();
  }

  /** Something was committed: what is kept may be another answer by now. */
  age(): void {
    for (const [key, kept] of this.#kept) {
      if (kept.untilMs <= this.#now()) this.#kept.delete(key);
      else kept.isOld = true;
    }
    if (this.#kept.size === 0) this.#stats = 0;
  }

  clear(): void {
    this.#kept.clear();
    this.#stats = 0;
  }
}

function statsIn(result: QueryResult | undefined): number {
  const groups = [result?.groups ?? [], ...(result?.also ?? [])].flat();
  return groups.reduce((sum, { points }) => sum + 1 + points.length, 1);
}
