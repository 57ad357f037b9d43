import { expect, it } from 'vitest';
import type { BudgetRow } from '../../../../src/browser/dashboard/api/health-answers.js';
import { verdictOf } from '../../../../src/browser/dashboard/pages/now/verdict.js';

const budget = (state: BudgetRow['state'], value: number | null): BudgetRow => ({
  ...({ name: 'response_time', layer: 'api', unit: 'ms', statistic: 'p95', limit: 500 } as const),
  ...{ state, value, valueLimit: 500, attributes: {}, samples: 40, groups: 1 },
  ...{ groupsInBreach: state === 'breach' ? 1 : 0, reason: null },
});
const KEPT = budget('ok', 100);
const BROKEN = budget('breach', 900);
const verdict = (budgets: readonly BudgetRow[], failing: number | null) =>
  verdictOf(budgets, failing, 'the last 1h');

it('failures come before budgets, and budgets before all is well', () => {
  expect(verdict([BROKEN], 0.02)).toEqual({
    tone: 'bad',
    text: '2.0 % of requests fail; 1 budget exceeded.',
  });
  expect(verdict([KEPT, BROKEN], 0.01)).toMatchObject({ tone: 'attention' });
  expect(verdict([KEPT], 0)).toMatchObject({ tone: 'ok' });
});

it('says of what had no requests that it had none, and nothing of what was not recorded', () => {
  expect(verdict([KEPT], null)).toEqual({
    tone: 'ok',
    text: 'All 1 budget that can be judged are kept, and no request came.',
  });
  expect(verdict([budget('no data', null)], null).tone).toBe('unknown');
});
