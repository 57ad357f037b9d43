import { describe, expect, it } from 'vitest';
import { RouteMapping } from '../../src/agent/route-mapping.js';
import { resolveOptions } from '../../src/shared/resolve-options.js';
import { countOf, PATIENT, runApp } from '../support/run-app.js';

describe('a route', () => {
  const mapping = new RouteMapping(
    ['POST /api/orders=order_creation', '/api/*/check=quality_check', 'GET /a.b(c)/*=odd'],
    ['/api/production/*=production', '/api/*=other'],
  );

  it.each([
    ['POST', '/api/orders', 'order_creation'],
    ['GET', '/api/orders', undefined],
    ['POST', '/api/orders/:id', undefined],
    ['PUT', '/api/lots/:id/check', 'quality_check'],
    ['GET', '/a.b(c)/d', 'odd'],
    ['GET', '/aXb(c)/d', undefined],
  ])('%s %s is the operation %s', (method, route, name) => {
    expect(mapping.operationOf(method, route)).toBe(name);
  });

  it('is of the module of the first entry that matches', () => {
    expect(mapping.moduleOf('GET', '/api/production/x')).toBe('production');
    expect(mapping.moduleOf('GET', '/api/x')).toBe('other');
    expect(mapping.moduleOf('GET', '/')).toBeUndefined();
  });
});

describe('the option', () => {
  it('says what an entry must look like', () => {
    const { options, problems } = resolveOptions({ TACHOGRAPH_OPERATIONS: 'orders' });
    expect(options.operations).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('expected items such as POST /api/orders/*=order_creation'),
    ]);
  });
});

it('a finished request of a mapped route is an operation of its module, once, with how it ended', async () => {
  const { lines } = await runApp('mapped-routes.mjs', {
    env: { ...PATIENT, TACHOGRAPH_CONFIG_FILE: 'mapped-routes.json' },
  });
  const where = { 'tachograph.operation.name': 'sales_order_process' };
  const count = (more: object): number =>
    countOf(lines, 'tachograph.operation.duration', { ...where, ...more });
  expect(count({})).toBe(5);
  expect(count({ 'tachograph.module': 'sales', 'error.type': '5xx' })).toBe(1);
  expect(count({ 'tachograph.module': 'sales', 'error.type': '4xx' })).toBe(1);
  const requests = { 'http.route': '/stock/:int', 'tachograph.module': 'inventory' };
  expect(countOf(lines, 'http.server.request.duration', requests)).toBe(2);
  const free = lines.filter((line) => line['http.route'] === '/free');
  expect(free.length).toBeGreaterThan(0);
  expect(free.every((line) => line['tachograph.module'] === undefined)).toBe(true);
});
