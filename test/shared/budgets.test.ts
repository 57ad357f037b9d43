import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { groupOf, inUnit } from '../../src/shared/budget-groups.js';
import {
  DEFAULT_SETTINGS,
  limitOf,
  readBudgetSettings,
  settingsFrom,
  settingsText,
} from '../../src/shared/budget-settings.js';
import { BUDGETS } from '../../src/shared/budgets.js';
import { METRICS } from '../../src/shared/metric-catalogue.js';
import { resolveOptions } from '../../src/shared/resolve-options.js';

const folder = mkdtempSync(join(tmpdir(), 'tachograph-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const budget = (name: string) => BUDGETS.find((row) => row.name === name)!;

function settingsOf(env: Readonly<Record<string, string>>) {
  return readBudgetSettings(resolveOptions(env).options);
}

function fileOf(content: unknown): Record<string, string> {
  const path = join(folder, 'budgets.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return { TACHOGRAPH_BUDGETS_FILE: path };
}

describe('the table of budgets', () => {
  it('has each name once', () => {
    expect(new Set(BUDGETS.map(({ name }) => name)).size).toBe(BUDGETS.length);
  });

  it('names only metrics, and attributes of them or of their host, that are recorded', () => {
    for (const { name, source, statistic } of BUDGETS) {
      if (typeof source === 'string') continue;
      const metric = METRICS.find((row) => row.name === source.metric)!;
      const attributes = [...source.by, ...Object.keys(source.where ?? {})];
      // Or of the process: a collector tells hosts and processes apart by their resource.
      const known = [...metric.attributes, 'host.name', 'service.instance.id'];
      expect({
        name,
        unknown: attributes.filter((one) => !known.includes(one)),
      }).toEqual({ name, unknown: [] });
      const kinds = { mean: 'gauge', share: 'counter' } as Record<string, string>;
      expect({ name, kind: metric.kind }).toEqual({ name, kind: kinds[statistic] ?? 'histogram' });
    }
  });

  it('has the defaults that the product promises', () => {
    const defaults = Object.fromEntries(BUDGETS.map(({ name, limit }) => [name, limit]));
    expect(defaults).toMatchObject({
      page_load_time: 2000,
      animation_frame: 16.67,
      cumulative_layout_shift: 0.1,
      view_response_time: 400,
      template_rendering: 50,
      middleware_overhead: 10,
      admin_interface: 300,
      management_commands: 5000,
      simple_query: 10,
      complex_query: 100,
      connection_acquisition: 20,
      migration_execution: 30_000,
      table_scan: 500,
      production_order_create: 200,
      financial_report_generate: 2000,
      audit_log_creation: 50,
    });
  });
});

describe('settings of budgets', () => {
  it('are the table’s where nothing is set, and then travel as nothing', () => {
    const { settings, problems } = settingsOf({});
    expect(problems).toEqual([]);
    for (const row of BUDGETS) expect(limitOf(row, settings)).toBe(row.limit);
    expect(settingsText(settings)).toBeUndefined();
  });

  it('take the environment before the file, and a route before both', () => {
    const { settings, problems } = settingsOf({
      TACHOGRAPH_BUDGETS: 'view_response_time=300ms, cpu_host=60%, excessive_queries=5',
      ...fileOf({
        budgets: { view_response_time: '1s', template_rendering: 20 },
        routes: {
          'GET /reports/:id': { view_response_time: '5s' },
          '/slow': { slow_response: '9s' },
        },
      }),
    });
    expect(problems).toEqual([]);
    const view = budget('view_response_time');
    expect(limitOf(view, settings)).toBe(300);
    expect(limitOf(budget('template_rendering'), settings)).toBe(20);
    expect(limitOf(budget('cpu_host'), settings)).toBe(60);
    expect(limitOf(budget('excessive_queries'), settings)).toBe(5);
    const of = (method: string, route: string) => ({
      'http.request.method': method,
      'http.route': route,
    });
    expect(limitOf(view, settings, of('GET', '/reports/:id'))).toBe(5000);
    expect(limitOf(view, settings, of('POST', '/reports/:id'))).toBe(300);
    expect(limitOf(budget('slow_response'), settings, of('PUT', '/slow'))).toBe(9000);
  });

  it('take TACHOGRAPH_SLOW_RESPONSE and TACHOGRAPH_EXCESSIVE_QUERIES', () => {
    const { settings } = settingsOf({
      TACHOGRAPH_SLOW_RESPONSE: '1s',
      TACHOGRAPH_EXCESSIVE_QUERIES: '7',
    });
    expect(limitOf(budget('slow_response'), settings)).toBe(1000);
    expect(limitOf(budget('excessive_queries'), settings)).toBe(7);
  });

  it.each([
    [{ TACHOGRAPH_BUDGETS: 'view_response_tim=1s' }, 'did you mean view_response_time?'],
    [{ TACHOGRAPH_BUDGETS: 'view_response_time' }, 'expected name=limit'],
    [
      { TACHOGRAPH_BUDGETS: 'view_response_time=soon' },
      'a duration such as 300ms or 2s, got "soon"',
    ],
    [{ TACHOGRAPH_BUDGETS: 'cpu_host=high' }, 'a percentage such as 70 or 70%'],
    [{ TACHOGRAPH_BUDGETS_FILE: '/nowhere/budgets.json' }, 'ENOENT'],
  ])('say what is wrong with %j', (env, complaint) => {
    const { problems } = settingsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(complaint);
  });

  it.each([
    ['{', 'text that is not JSON'],
    [{ limits: {} }, 'the key "limits"'],
    [{ routes: { '/a': 3 } }, '"/a" under "routes"'],
    [{ routes: { '/a': { nonsense: 3 } } }, '"/a": no budget "nonsense"'],
  ])('say what is wrong with a file of %j', (content, complaint) => {
    const { problems } = settingsOf(fileOf(content));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(complaint);
  });

  it('reach whoever reads the text they travel as', () => {
    const { settings } = settingsOf({
      TACHOGRAPH_ADMIN_ROUTES: '/back',
      TACHOGRAPH_BUDGETS: 'simple_query=1ms',
      ...fileOf({ routes: { 'GET /a': { view_response_time: '1s' } } }),
    });
    expect(settingsFrom(settingsText(settings))).toEqual({
      limits: { simple_query: 1 },
      routes: { 'GET /a': { view_response_time: 1000 } },
      adminRoutes: ['/back'],
    });
  });

  it.each(['', '{', '{}', '{"limits":{"a":"b"},"routes":{},"adminRoutes":[]}', 'null'])(
    'are the table’s where the text is none: %s',
    (text) => {
      expect(settingsFrom(text)).toEqual(DEFAULT_SETTINGS);
    },
  );

  it('fit into a text of the wire format, without the routes if need be', () => {
    const routes = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`GET /route/${i}`, { view_response_time: i }]),
    );
    const { settings } = settingsOf({ TACHOGRAPH_BUDGETS: 'cpu_host=1', ...fileOf({ routes }) });
    const text = settingsText(settings)!;
    expect(text.length).toBeLessThanOrEqual(1024);
    expect(settingsFrom(text)).toMatchObject({ limits: { cpu_host: 1 }, routes: {} });
  });
});

describe('the group of a series', () => {
  const of = (name: string, route: string, adminRoutes = ['/admin']) => {
    const { source } = budget(name);
    const attributes = { 'http.request.method': 'GET', 'http.route': route };
    return groupOf(source as never, attributes, { ...DEFAULT_SETTINGS, adminRoutes });
  };

  it('is its route, for views and for the administration apart', () => {
    const route = { 'http.request.method': 'GET', 'http.route': '/orders' };
    expect(of('view_response_time', '/orders')).toEqual(route);
    expect(of('admin_interface', '/orders')).toBeUndefined();
    expect(of('admin_interface', '/admin/users')).toBeDefined();
    expect(of('view_response_time', '/admin')).toBeUndefined();
    expect(of('view_response_time', '/administrators')).toBeDefined();
    expect(of('view_response_time', '/back/x', ['/back/'])).toBeUndefined();
  });

  it('is none where no route took the request', () => {
    expect(of('view_response_time', '(unmatched)')).toBeUndefined();
    expect(of('slow_response', '(unmatched)')).toBeDefined();
  });

  it('is none when a condition does not hold', () => {
    const { source } = budget('simple_query');
    const attributes = { 'db.system.name': 'sqlite', 'tachograph.db.query.class': 'write' };
    expect(groupOf(source as never, attributes, DEFAULT_SETTINGS)).toBeUndefined();
  });
});

it('values are in the unit of the budget', () => {
  expect([inUnit(0.4001, 'ms'), inUnit(0.7, '%'), inUnit(21, 'number')]).toEqual([400.1, 70, 21]);
});
