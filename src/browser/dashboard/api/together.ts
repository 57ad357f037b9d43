/** Several answers that are shown as one. Pure. */
import type { Answer } from './answer-state.js';

type DataOf<Answers extends readonly Answer<unknown>[]> = {
  readonly [I in keyof Answers]: Answers[I]['data'];
};

/**
 * All of them once all are there. What the collector does not have is undefined among the others; a failure is that of
 * the whole, for what is left out must not look like nothing.
 */
export function together<const Answers extends readonly Answer<unknown>[]>(
  ...answers: Answers
): Answer<DataOf<Answers>> {
  const all: readonly Answer<unknown>[] = answers;
  const data = all.map((answer) => answer.data) as unknown as DataOf<Answers>;
  if (all.some(({ state }) => state === 'loading')) return { state: 'loading', data: undefined };
  const failures = all.filter((answer) => answer.state === 'failed');
  const [first] = failures;
  if (first === undefined) return { state: 'ok', data };
  const isWhole = failures.every((answer) => answer.data !== undefined);
  return { state: 'failed', data: isWhole ? data : undefined, message: first.message };
}
