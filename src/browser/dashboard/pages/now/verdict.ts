/** How things stand, in one sentence. Pure. */
import type { RouteRow } from '../../api/answers.js';
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

export function verdictOf(
  budgets: readonly BudgetRow[],
  routes: readonly RouteRow[],
  range: string,
): Verdict {
  const calls = routes.reduce((sum, row) => sum + row.calls, 0);
  const errors = routes.reduce((sum, row) => sum + row.calls * row.errorRatio, 0);
  if (calls === 0 && budgets.every(({ state }) => state === 'no data')) {
    return { tone: 'unknown', text: `Nothing was recorded in ${range}.` };
  }
  const breaches = budgets.filter(({ state }) => state === 'breach');
  const worst = breaches.reduce<BudgetRow | undefined>(
    (most, row) => (most === undefined || excess(row) > excess(most) ? row : most),
    undefined,
  );
  const failing = errors / Math.max(1, calls);
  if (failing > ERRORS_MAX) {
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
  return {
    tone: 'ok',
    text: `All ${plural(judged(budgets), 'budget')} that can be judged are kept, and ${formatPercent(failing)} of requests fail.`,
  };
}

function judged(budgets: readonly BudgetRow[]): number {
  return budgets.filter(({ state }) => state === 'ok' || state === 'breach').length;
}

export function excess({ value, valueLimit }: BudgetRow): number {
  return (value ?? 0) / (valueLimit || Number.MIN_VALUE);
}
