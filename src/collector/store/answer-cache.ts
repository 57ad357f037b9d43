/**
 * Answers to questions that are asked again before anything new was committed: the parts of one page ask much the same.
 * Owned by the store, which empties it with each commit, so that an answer is never older than the data. Bounded in
 * groups, of 200 to 400 B each: 8 MB at most.
 */
import type { QueryRequest, QueryResult } from '../query/query-request.js';

type Answer = Promise<QueryResult | undefined>;

const GROUPS_MAX = 20_000;

export class AnswerCache {
  readonly #answers = new Map<string, Answer>();
  #groups = 0;

  /** What was answered, or is being answered, else what `ask` says. */
  get(request: QueryRequest, ask: () => Answer): Answer {
    // Points and histograms are large, and rarely asked for twice.
    if (request.stepMs !== undefined || request.histogram) return ask();
    const key = JSON.stringify(request);
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = ask();
    this.#answers.set(key, answer);
    answer.then(
      (result) => this.#count(1 + (result?.groups.length ?? 0)),
      () => this.#answers.delete(key),
    );
    return answer;
  }

  #count(groups: number): void {
    this.#groups += groups;
    if (this.#groups > GROUPS_MAX) this.clear();
  }

  clear(): void {
    this.#answers.clear();
    this.#groups = 0;
  }
}
