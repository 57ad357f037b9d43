/** How things stand, in one sentence. Pure. */
import type { BudgetRow } from '../../api/health-answers.js';
import { formatBudget, formatPercent, plural } from '../../parts/format-value.js';
import type { Tone } from '../../parts/tone.js';
import { budgetTitle } from './budget-title.js';

export interface Verdict {
  readonly tone: Tone;
  readonly text: string;
}

/** Of all requests; a share of failures that people notice. */
const ERRORS_MAX = 0.01;

/** @param failing share of all requests that fail; null where there was none */
export function verdictOf(
  budgets: readonly BudgetRow[],
  failing: number | null,
  range: string,
): Verdict {
  if (failing === null && budgets.every(({ state }) => state === 'no data')) {
    return { tone: 'unknown', text: `Nothing was recorded in ${range}.` };
  }
  const breaches = budgets.filter(({ state }) => state === 'breach');
  const worst = breaches.reduce<BudgetRow | undefined>(
    (most, row) => (most === undefined || excess(row) > excess(most) ? row : most),
    undefined,
  );
  if (failing !== null && failing > ERRORS_MAX) {
    const also = breaches.length === 0 ? '' : `; ${plural(breaches.length, 'budget')} exceeded`;
    return { tone: 'bad', text: `${formatPercent(failing)} of requests fail${also}.` };
  }
  if (worst !== undefined) {
    const value = formatBudget(worst.value, worst.unit);
    const limit = formatBudget(worst.valueLimit, worst.unit);
    return {
      tone: 'attention',
      text:
        `${plural(breaches.length, 'budget')} of ${judged(budgets)} exceeded, most of all ` +
        `${budgetTitle(worst)}: ${value} where ${limit} are allowed.`,
    };
  }
  const fails = failing === null ? 'no request came' : `${formatPercent(failing)} of requests fail`;
  return {
    tone: 'ok',
    text: `All ${plural(judged(budgets), 'budget')} that can be judged are kept, and ${fails}.`,
  };
}

function judged(budgets: readonly BudgetRow[]): number {
  return budgets.filter(({ state }) => state === 'ok' || state === 'breach').length;
}

export function excess({ value, valueLimit }: BudgetRow): number {
  return (value ?? 0) / (valueLimit || Number.MIN_VALUE);
}
