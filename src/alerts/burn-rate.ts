/**
 * How fast errors use up what an objective allows: Google's SRE workbook, chapter 5. A long window says that it
 * matters, a short one that it goes on. Pure.
 */
import type { Sample } from './sample.js';

const MINUTE_MS = 60_000;

export interface Burn {
  readonly metric: string;
  readonly shortMs: number;
  readonly longMs: number;
}

export const BURNS: readonly Burn[] = [
  { metric: 'error_budget_1h', shortMs: 5 * MINUTE_MS, longMs: 60 * MINUTE_MS },
  { metric: 'error_budget_6h', shortMs: 30 * MINUTE_MS, longMs: 360 * MINUTE_MS },
];
export const BURN_WINDOW_MS_MAX: number = Math.max(...BURNS.map(({ longMs }) => longMs));

/** Requests of one service, and what became of them. */
export interface Answered {
  readonly calls: number;
  readonly aborted: number;
  readonly errors: number;
}

/** Of requests whose client stayed until the answer. */
export function failedShare({ calls, aborted, errors }: Answered): number {
  const answered = calls - aborted;
  return answered > 0 ? errors / answered : 0;
}

/**
 * How many times faster than sustainable: the smaller of both windows. That nothing burns is true of however few requests.
 * @param long may be left out where the short window does not burn
 */
export function burnOf(
  short: Answered,
  long: Answered | undefined,
  errorBudget: number,
): Pick<Sample, 'value' | 'count'> {
  const value = Math.min(failedShare(short), failedShare(long ?? short)) / errorBudget;
  return { value, count: long === undefined ? null : long.calls };
}
