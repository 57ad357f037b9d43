import { expect, it } from 'vitest';
import type { AlertRow } from '../../../../src/browser/dashboard/api/health-answers.js';
import { alertsOf } from '../../../../src/browser/dashboard/pages/alerts/alert-scope.js';

const alert = (rule: string, service: string): AlertRow => ({
  ...({ id: rule, rule, level: 'CRITICAL', state: 'firing', metric: rule, unit: '%' } as const),
  ...{ value: 95, threshold: 90, service, attributes: {}, sinceMs: 0, why: '' },
  ...{ silencedUntilMs: null, notifications: [] },
});
const rows = [alert('error_rate', 'shop'), alert('error_rate', 'other'), alert('cpu', '')];

it('alerts of a service are its own, and those of the machine that it runs on', () => {
  expect(alertsOf(rows, 'shop').map(({ rule, service }) => [rule, service])).toEqual([
    ['error_rate', 'shop'],
    ['cpu', ''],
  ]);
  expect(alertsOf(rows, '')).toEqual(rows);
});
