/** The ERP under the agent, with its planted faults asked for: every item of the checklist is evaluated. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInCookie } from '../../examples/erp/load/sign-in.js';
import { SEED_PASSWORD, SEED_USERS } from '../../examples/erp/seed/people.js';
import { seed } from '../../examples/erp/seed.js';
import { startChild } from '../../scripts/demo/start-child.js';
import { startService } from '../../scripts/services.js';
import type { Checklist, ChecklistItem } from '../../src/collector/checklist/checklist.js';
import type { Recommendations } from '../../src/collector/recommendations/recommendations-of.js';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const STARTS_MS_MAX = 300_000;
const REQUESTS = 30;

let folder = '';
let collector: Collector | undefined;
let lists: Checklist[] = [];
let recommendations: Recommendations['recommendations'] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  const postgres = await startService('postgres');
  try {
    await seed(postgres.url, { scale: 1 });
    collector = await startCollector({ folder: join(folder, 'data'), port: 0, queryThreads: 0 });
    await driveErp(postgres.url, collector.url);
    const answer = await fetch(`${collector.url}/v1/checklist?service=erp`);
    ({ lists } = (await answer.json()) as { lists: Checklist[] });
    const found = await fetch(`${collector.url}/v1/recommendations?service=erp`);
    ({ recommendations } = (await found.json()) as Recommendations);
  } finally {
    await postgres.stop();
  }
}, STARTS_MS_MAX);
afterAll(async () => {
  await collector?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks for what has the faults of examples/erp/README.md, and ends the ERP, which sends all it has recorded. */
async function driveErp(databaseUrl: string, collectorUrl: string): Promise<void> {
  const erp = await startChild({
    name: 'ERP',
    args: [
      '--import',
      new URL('../../dist/register.js', import.meta.url).href,
      at('examples/erp/app.js'),
    ],
    env: {
      ERP_DATABASE_URL: databaseUrl,
      PORT: '0',
      TACHOGRAPH_URL: collectorUrl,
      TACHOGRAPH_SERVICE: 'erp',
      TACHOGRAPH_CONFIG_FILE: at('examples/erp/tachograph.json'),
      TACHOGRAPH_WINDOW: '2s',
      TACHOGRAPH_SPOOL_DIR: join(folder, 'spool'),
      TACHOGRAPH_EXIT_TIMEOUT: '10s',
    },
    ready: /ERP listening on (http:\S+)/,
  });
  try {
    const cookie = await signInCookie(erp.url);
    const authorization = `Bearer ${await tokenOf(erp.url)}`;
    const ask = async (path: string, init: RequestInit = {}): Promise<number> => {
      const response = await fetch(erp.url + path, {
        ...init,
        headers: { cookie, authorization, ...init.headers },
      });
      await response.arrayBuffer();
      return response.status;
    };
    for (let i = 0; i < REQUESTS; i++) {
      for (const path of [
        '/',
        '/sales/orders',
        '/vendor/rxjs.umd.js',
        '/finance/statements/1',
        '/api/v1/sales/customers',
        '/api/v1/dashboard',
        '/hr/employees/1/chart',
      ]) {
        expect([path, await ask(path)]).toEqual([path, path.endsWith('chart') ? 500 : 200]);
      }
      if (i % 4 !== 0) continue;
      await ask('/finance/forecast');
      // The line is looked for once a fault has been seen.
      const body = JSON.stringify({ month: `202${i % 10}-01`, departmentId: 1 + (i % 8) });
      const headers = { 'content-type': 'application/json' };
      await ask('/api/v1/hr/payroll', { method: 'POST', body, headers });
    }
  } finally {
    await erp.stop();
  }
}

async function tokenOf(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: SEED_USERS[0]?.email, password: SEED_PASSWORD }),
  });
  return ((await response.json()) as { token: string }).token;
}

function itemOf(name: string): ChecklistItem | undefined {
  return lists.flatMap(({ items }) => items).find(({ item }) => item === name);
}

describe('the checklist of the example ERP', () => {
  it('evaluates every item, each with its reason, and those that it can tell with evidence', () => {
    const items = lists.flatMap((list) => list.items);
    expect(items).toHaveLength(39);
    for (const { item, state, reason, evidence } of items) {
      expect([item, reason]).toEqual([item, expect.stringMatching(/.{10}/)]);
      if (state === 'attention') expect([item, evidence.length]).not.toEqual([item, 0]);
      if (state === 'cannot tell') expect(reason).toMatch(/^Because /);
    }
  });

  it.each([
    ['query_optimisation', 'GET /sales/orders'],
    ['fragment_caching', 'statement.ejs'],
    ['static_files', 'KiB on the wire'],
    ['async_tasks', 'simulateQuarter'],
    ['bulk_operations', 'payslips'],
    ['pagination', '/api/v1/sales/customers'],
  ])('wants attention for %s, where a fault is planted', (name, words) => {
    const item = itemOf(name);
    expect(item?.state).toBe('attention');
    expect([item?.reason, ...(item?.evidence ?? [])].join(' ')).toContain(words);
  });

  it('is satisfied with caching, where there is none', () => {
    expect(itemOf('caching_strategy')).toMatchObject({ state: 'ok' });
  });
});

it('the recommendations name the line of each planted fault that has one', () => {
  const places = recommendations.flatMap(({ type, code }) =>
    code ? [`${type} ${code.file}`] : [],
  );
  expect(places).toContain('n_plus_one examples/erp/sales/queries.js');
  expect(places).toContain('bulk_write examples/erp/hr/calculate-payroll.js');
  expect(places).toContain('event_loop_stall examples/erp/finance/forecast-margin.js');
});

it('a route that fails for the heads is told with its share', () => {
  expect(recommendations).toContainEqual(
    expect.objectContaining({ type: 'error_rate', route: 'GET /hr/employees/:id/chart' }),
  );
});
