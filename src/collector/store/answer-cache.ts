/**
 * Answers to questions that are asked again: the parts of one page ask much the same, and so does each refresh of it. Owned
 * by the store, which says with each commit that they are old. An old answer is made anew, so that none is older than the
 * data, but for who may have an old one (a page): if it was to read very many rows, that is told again for twenty times as
 * long as it took, so that pages which lie open keep the collector busy for a twentieth of its time.
 * Bounded in groups and points, of 200 to 400 B each: 8 MB at most.
 */
import type { QueryRequest, QueryResult } from '../query/query-request.js';

type Answer = Promise<QueryResult | undefined>;

/** An answer that is being made, and a guess, rather too high, of how many rows are read for it. */
export interface Asked {
  readonly answer: Answer;
  readonly rows: number;
}

interface Kept {
  readonly answer: Answer;
  isOld: boolean;
  /** By the clock given: who may have an old answer has this one until then; for ever while it is being made, if it is long. */
  untilMs: number;
  /** Groups and points in it, once it is there. */
  stats: number;
}

const STATS_MAX = 20_000;
/** What reads fewer is made anew. */
const ROWS_MIN = 10_000;
const REST_FACTOR = 20;
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
  get({ mayBeOld, ...request }: QueryRequest, ask: () => Asked): Answer {
    // These are large, and rarely asked for twice.
    if (request.histogram || request.bounds !== undefined) return ask().answer;
    const key = JSON.stringify(request);
    const known = this.#kept.get(key);
    const askedMs = this.#now();
    if (known !== undefined && (!known.isOld || (mayBeOld && askedMs < known.untilMs))) {
      return known.answer;
    }
    const { answer, rows } = ask();
    const isLong = rows >= ROWS_MIN;
    const kept: Kept = { answer, isOld: false, untilMs: isLong ? Infinity : -Infinity, stats: 0 };
    this.#forget(key);
    this.#kept.set(key, kept);
    answer.then(
      (result) => {
        if (this.#kept.get(key) !== kept) return;
        const nowMs = this.#now();
        const restMs = Math.min(KEPT_MS_MAX, REST_FACTOR * (nowMs - askedMs));
        if (isLong) kept.untilMs = nowMs + restMs;
        kept.stats = statsIn(result);
        this.#stats += kept.stats;
        this.#makeRoom();
      },
      () => {
        if (this.#kept.get(key) === kept) this.#forget(key);
      },
    );
    return answer;
  }

  /** Something was committed: what is kept may be another answer by now. */
  age(): void {
    for (const [key, kept] of this.#kept) {
      if (kept.untilMs <= this.#now()) this.#forget(key);
      else kept.isOld = true;
    }
  }

  #forget(key: string): void {
    this.#stats -= this.#kept.get(key)?.stats ?? 0;
    this.#kept.delete(key);
  }

  /** The oldest go first. */
  #makeRoom(): void {
    for (const key of this.#kept.keys()) {
      if (this.#stats <= STATS_MAX) return;
      this.#forget(key);
    }
  }
}

function statsIn(result: QueryResult | undefined): number {
  const groups = [result?.groups ?? [], ...(result?.also ?? [])].flat();
  return groups.reduce((sum, { points }) => sum + 1 + points.length, 1);
}
