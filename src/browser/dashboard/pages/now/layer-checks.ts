/** The layers of a service and how each stands: ok, attention, or cannot tell and why. Pure. */
import type { BudgetRow, ChecklistAnswer } from '../../api/health-answers.js';
import { formatBudget, plural } from '../../parts/format-value.js';
import type { Tone } from '../../parts/tone.js';
import { budgetTitle } from './budget-title.js';
import { excess } from './verdict.js';

export type CheckState = 'ok' | 'attention' | 'cannot tell';

export interface LayerCheck {
  readonly title: string;
  readonly state: CheckState;
  /** In one line. */
  readonly text: string;
  /** Opened: what is wrong, the worst first, or why nothing can be told. */
  readonly details: readonly string[];
}

export const CHECK_TONES: Readonly<Record<CheckState, Tone>> = {
  ok: 'ok',
  attention: 'attention',
  'cannot tell': 'unknown',
};

const LAYERS: readonly (readonly [layer: string, title: string])[] = [
  ['frontend', 'Frontend'],
  ['application', 'Application'],
  ['api', 'API'],
  ['database', 'Database'],
  ['business', 'Business operations'],
  ['infrastructure', 'Infrastructure'],
];
const DETAILS_MAX = 6;

export function layerChecks(budgets: readonly BudgetRow[]): LayerCheck[] {
  return LAYERS.map(([layer, title]) =>
    layerCheck(
      title,
      budgets.filter((budget) => budget.layer === layer),
    ),
  );
}

function layerCheck(title: string, budgets: readonly BudgetRow[]): LayerCheck {
  const breaches = budgets.filter(({ state }) => state === 'breach');
  const kept = budgets.filter(({ state }) => state === 'ok');
  const unknown = budgets.length - breaches.length - kept.length;
  const rest = unknown === 0 ? '' : `, ${unknown} without enough data`;
  if (breaches.length > 0) {
    const sorted = [...breaches].sort((a, b) => excess(b) - excess(a));
    return {
      title,
      state: 'attention',
      text: `${plural(breaches.length, 'budget')} exceeded, ${kept.length} kept${rest}`,
      details: sorted.slice(0, DETAILS_MAX).map(breachText),
    };
  }
  if (kept.length > 0) {
    return {
      title,
      state: 'ok',
      text: `${plural(kept.length, 'budget')} kept${rest}`,
      details: [],
    };
  }
  const reasons = [...new Set(budgets.map(({ reason }) => reason ?? ''))].filter(Boolean);
  return {
    title,
    state: 'cannot tell',
    text: budgets.some(({ state }) => state === 'few')
      ? 'too few values so far; give it time or traffic'
      : 'nothing was recorded of it',
    details: reasons.slice(0, DETAILS_MAX),
  };
}

function breachText(row: BudgetRow): string {
  const groups = row.groups > 1 ? ` (${row.groupsInBreach} of ${row.groups} are over)` : '';
  return (
    `${budgetTitle(row)}: ${row.statistic} is ${formatBudget(row.value, row.unit)}, ` +
    `allowed ${formatBudget(row.valueLimit, row.unit)}${groups}`
  );
}

/** Lists of good practice, each as one line. */
export function listChecks({ lists }: ChecklistAnswer): LayerCheck[] {
  return lists.map(({ title, items }) => {
    const open = items.filter(({ state }) => state === 'attention');
    const kept = items.filter(({ state }) => state === 'ok');
    const unknown = items.length - open.length - kept.length;
    const state: CheckState =
      open.length > 0 ? 'attention' : kept.length > 0 ? 'ok' : 'cannot tell';
    return {
      title: `Practice: ${title}`,
      state,
      text: `${kept.length} ok, ${open.length} to look at, ${unknown} cannot be told`,
      details: open.slice(0, DETAILS_MAX).map(({ title: item, reason }) => `${item}: ${reason}`),
    };
  });
}
