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
  const { ofRoute, ofJobs } = readTraceLimits(options);
  const { settings } = readBudgetSettings(options);
  const budget = (name: string) => BUDGETS.find((row) => row.name === name)!;
  for (const [method, route] of ROUTES) {
    const attributes = { 'http.request.method': method, 'http.route': route };
    expect({ route, ...ofRoute(method, route) }).toEqual({
      route,
      slowUs: limitOf(budget('slow_response'), settings, attributes) * 1000,
      queriesMax: limitOf(budget('excessive_queries'), settings, attributes),
    });
  }
  expect(ofJobs).toEqual({
    slowUs: limitOf(budget('background_job'), settings) * 1000,
    queriesMax: limitOf(budget('excessive_queries'), settings),
  });
});
