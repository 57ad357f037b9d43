import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readTraceLimits } from '../../src/agent/trace-limits.js';
import { limitOf, readBudgetSettings } from '../../src/shared/budget-settings.js';
import { BUDGETS } from '../../src/shared/budgets.js';
import { resolveOptions } from '../../src/shared/resolve-options.js';

const folder = mkdtempSync(join(tmpdir(), 'tachograph-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ROUTES = [
  ['GET', '/reports/:id'],
  ['POST', '/reports/:id'],
  ['GET', '/many'],
  ['GET', '/other'],
] as const;

it.each([
  [{}, undefined],
  [{ TACHOGRAPH_SLOW_RESPONSE: '1s', TACHOGRAPH_EXCESSIVE_QUERIES: '3' }, undefined],
  [{ TACHOGRAPH_BUDGETS: 'slow_response=2s, excessive_queries=7, x' }, undefined],
  [
    { TACHOGRAPH_BUDGETS: 'excessive_queries=7' },
    {
      budgets: { slow_response: '900ms', excessive_queries: 9 },
      routes: { 'GET /reports/:id': { slow_response: '5s' }, '/many': { excessive_queries: 100 } },
    },
  ],
  [{}, { routes: { '/other': { slow_response: 'soon', excessive_queries: 'few' } } }],
  [{ TACHOGRAPH_BUDGETS: 'background_job=90s' }, { budgets: { background_job: '1m' } }],
  [{}, '{'],
])('the limits of routes and jobs are those by which budgets are judged: %j %j', (env, file) => {
  const path = join(folder, 'budgets.json');
  writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file ?? {}));
  const { options } = resolveOptions({ ...env, TACHOGRAPH_BUDGETS_FILE: path });
  const { route: limitsOf, job } = readTraceLimits(options);
  const { settings } = readBudgetSettings(options);
  const budget = (name: string) => BUDGETS.find((row) => row.name === name)!;
  for (const [method, route] of ROUTES) {
    const attributes = { 'http.request.method': method, 'http.route': route };
    expect({ route, ...limitsOf(method, route) }).toEqual({
      route,
      slowUs: limitOf(budget('slow_response'), settings, attributes) * 1000,
      queriesMax: limitOf(budget('excessive_queries'), settings, attributes),
    });
  }
  expect(job).toEqual({
    slowUs: limitOf(budget('background_job'), settings) * 1000,
    queriesMax: limitOf(budget('excessive_queries'), settings),
  });
});

const OPERATIONS = [
  ['hr_payroll_calculation', 'hr', 'hr_payroll_calculation'],
  ['audit_log_creation', 'platform', 'audit_log_creation'],
  ['add_index', 'migration_execution', 'migration_execution'],
  ['nightly', 'management_commands', 'management_commands'],
  ['stock_calculation', 'inventory', 'slow_response'],
  ['__proto__', undefined, 'slow_response'],
] as const;

it.each([
  [{}, undefined],
  [{ TACHOGRAPH_SLOW_RESPONSE: '7s' }, undefined],
  [
    { TACHOGRAPH_BUDGETS: 'audit_log_creation=80ms, migration_execution=1m' },
    { budgets: { audit_log_creation: '90ms', hr_payroll_calculation: '3s' } },
  ],
  [
    { TACHOGRAPH_BUDGETS: 'audit_log_creation=soon, hr_payroll_calculation=2s' },
    { budgets: { audit_log_creation: '90ms', slow_response: '2s' } },
  ],
])('the limit of an operation is that of its budget, else that of all: %j %j', (env, file) => {
  const path = join(folder, 'budgets.json');
  writeFileSync(path, JSON.stringify(file ?? {}));
  const { options } = resolveOptions({ ...env, TACHOGRAPH_BUDGETS_FILE: path });
  const limitsOf = readTraceLimits(options);
  const { settings } = readBudgetSettings(options);
  for (const [name, module, budget] of OPERATIONS) {
    const row = BUDGETS.find((each) => each.name === budget)!;
    const slowUs = limitOf(row, settings) * 1000;
    const { queriesMax } = limitsOf.route('', '');
    expect([name, limitsOf.operation(name, module)]).toEqual([name, { slowUs, queriesMax }]);
  }
});
