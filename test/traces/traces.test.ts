/**
 * From a request that breaches to what people see of it: an Express application under the built agent,
 * a real collector, its API and the command line. Nothing depends on how fast the machine is: what is
 * slow is slow by a limit of its route. Needs `npm run build`.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BreachRow } from '../../src/collector/views/breaches.js';
import type { BudgetRow } from '../../src/collector/views/budget-states.js';
import type { Libraries } from '../../src/collector/views/libraries.js';
import type { Routes } from '../../src/collector/views/routes.js';
import type { TraceDetail, TraceRow } from '../../src/collector/views/traces.js';
import { doctor, findingsIn } from '../cli/doctor-run.js';
import {
  type CollectorProcess,
  endProcess,
  MAIN,
  startCollectorProcess,
} from '../support/collector-process.js';
import { cleanEnvironment, makeFolder, runApp } from '../support/run-app.js';

const SLOW_REQUESTS = 20;
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
/** `printf shopper-7 | openssl dgst -sha256 -hmac salt-of-the-shop`, its beginning. */
const USER_HASH = '062f8f0c679ced45';
const PARENT_ID = 'b7ad6b7169203331';

const data = makeFolder();
const folder = makeFolder();
let collector: CollectorProcess;

beforeAll(async () => {
  collector = await startCollectorProcess(data.path);
  const budgetsFile = join(folder.path, 'budgets.json');
  const slow = { slow_response: '1ms', view_response_time: '1ms' };
  writeFileSync(
    budgetsFile,
    JSON.stringify({ routes: { 'GET /slow/:id': slow, '/calls': { slow_response: 1 } } }),
  );
  const run = await runApp('breaching.mjs', {
    folder: folder.path,
    args: [String(SLOW_REQUESTS), `00-${TRACE_ID}-${PARENT_ID}-01`],
    env: {
      TACHOGRAPH_URL: collector.url,
      TACHOGRAPH_SERVICE: 'breaching',
      TACHOGRAPH_WINDOW: '60s',
      TACHOGRAPH_CONTEXT: 'on',
      TACHOGRAPH_SLOW_RESPONSE: '1h',
      TACHOGRAPH_BUDGETS_FILE: budgetsFile,
      TACHOGRAPH_USER: 'headers.x-user-id',
      TACHOGRAPH_USER_SALT: 'salt-of-the-shop',
      TACHOGRAPH_EXIT_TIMEOUT: '10s',
    },
  });
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
}, 120_000);

afterAll(async () => {
  await endProcess(collector.child, 'SIGKILL');
  data.remove();
  folder.remove();
});

async function ask<Answer>(path: string): Promise<Answer> {
  const response = await fetch(new URL(path, collector.url));
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

async function traces(query = ''): Promise<TraceRow[]> {
  return (await ask<{ traces: TraceRow[] }>(`/v1/traces?service=breaching${query}`)).traces;
}

/** Standard output of the command, without colours. */
async function tachograph(...args: string[]): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(process.execPath, [MAIN, ...args, '--url', collector.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...cleanEnvironment(), NO_COLOR: '1' },
  });
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stdout }));
  });
}

describe('the API', () => {
  it('lists the traces that were provoked, and no others', async () => {
    const found = new Set(
      (await traces()).map(({ reason, attributes }) => `${reason} ${attributes['http.route']}`),
    );
    expect([...found].sort()).toEqual(['error /fail', 'slow /calls', 'slow /slow/:id']);
  });

  it('chooses traces by route, reason and duration, and puts the slowest first', async () => {
    const ofSlow = await traces('&route=/slow/:id&order=slowest');
    expect(ofSlow.length).toBeGreaterThan(0);
    const durations = ofSlow.map(({ duration }) => duration);
    expect(durations).toEqual([...durations].sort((a, b) => b - a));
    expect(durations.at(-1)).toBeGreaterThanOrEqual(0.019);
    expect(await traces('&reason=error')).toMatchObject([
      { statusCode: 500, attributes: { 'http.route': '/fail' } },
    ]);
    expect(await traces(`&user=${USER_HASH}`)).toMatchObject([{ traceId: TRACE_ID }]);
    expect(await traces('&user=shopper-7')).toEqual([]);
    expect(await traces('&min=1h')).toEqual([]);
    expect(await traces('&limit=1')).toHaveLength(1);
  });

  it('shows one as a waterfall', async () => {
    const { parts } = await ask<{ parts: TraceDetail[] }>(`/v1/traces/${TRACE_ID}`);
    expect(parts).toHaveLength(1);
    const [trace] = parts as [TraceDetail];
    expect(trace).toMatchObject({
      traceId: TRACE_ID,
      parentId: PARENT_ID,
      service: 'breaching',
      reason: 'slow',
      statusCode: 200,
      clientCalls: 3,
      attributes: { 'http.request.method': 'GET', 'http.route': '/calls' },
      spansOmitted: 0,
    });
    const labels = trace.spans.map(({ kind, label }) => `${kind} ${label}`);
    expect(labels).toContain('middleware firstGate');
    for (const { offset, duration } of trace.spans) {
      expect(offset + duration).toBeLessThanOrEqual(trace.duration + 0.001);
    }
  });

  it('answers 404 for a trace that was not kept, and 400 for what is no id', async () => {
    const missing = await fetch(`${collector.url}/v1/traces/${'0'.repeat(32)}`);
    expect([missing.status, await missing.text()]).toEqual([
      404,
      expect.stringContaining('no_such_trace'),
    ]);
    expect((await fetch(`${collector.url}/v1/traces/x`)).status).toBe(400);
    expect((await fetch(`${collector.url}/v1/traces?order=random`)).status).toBe(400);
  });

  it('tells the breaches, each slow request counted', async () => {
    const { breaches } = await ask<{ breaches: BreachRow[] }>('/v1/breaches?service=breaching');
    const slow = breaches.filter(({ budget }) => budget === 'slow_response');
    const ofRoute = (route: string): BreachRow | undefined =>
      slow.find(({ attributes }) => attributes['http.route'] === route);
    expect(slow.map(({ attributes }) => attributes['http.route']).sort()).toEqual([
      '/calls',
      '/slow/:id',
    ]);
    expect(ofRoute('/slow/:id')).toMatchObject({
      layer: 'api',
      unit: 'ms',
      limit: 1,
      above: SLOW_REQUESTS,
      count: SLOW_REQUESTS,
    });
    expect(ofRoute('/calls')).toMatchObject({ above: 1, count: 1 });
  });

  it('tells how every budget stands, by the limits of the process', async () => {
    const { budgets } = await ask<{ budgets: BudgetRow[] }>('/v1/budgets?service=breaching');
    const of = (name: string): BudgetRow => budgets.find((row) => row.name === name)!;
    expect(of('view_response_time')).toMatchObject({
      state: 'breach',
      limit: 400,
      valueLimit: 1,
      attributes: { 'http.route': '/slow/:id' },
      groupsInBreach: 1,
    });
    expect(of('slow_response')).toMatchObject({ limit: 3_600_000, groupsInBreach: 2 });
    expect(of('simple_query')).toMatchObject({ state: 'no data', value: null });
    expect(of('page_load_time').reason).toContain('browser.page.load');
    expect(of('table_scan').reason).toContain('--advise-dsn');
    expect(of('middleware_overhead').state).not.toBe('no data');
  });

  it('tells what requests of a route did', async () => {
    const { routes, layers } = await ask<Routes>('/v1/routes?service=breaching');
    expect(routes.find(({ route }) => route === '/slow/:id')).toMatchObject({
      method: 'GET',
      calls: SLOW_REQUESTS,
      errorRatio: 0,
      queriesPerRequest: 0,
      queriesMax: null,
    });
    expect(routes.find(({ route }) => route === '/fail')).toMatchObject({ errorRatio: 1 });
    expect(layers.map(({ layer }) => layer)).toContain('middleware');
    const fast = routes.find(({ route }) => route === '/fast')!;
    expect(fast.calls).toBe(8);
    const [middleware, serialization] = ['middleware', 'serialization'].map((name) =>
      fast.layers.find(({ layer }) => layer === name),
    );
    expect([fast.layers.length, middleware?.requests, serialization?.requests]).toEqual([2, 8, 8]);
    for (const { share, total } of fast.layers) expect(share).toBeCloseTo(total / fast.total);
    const ofSlow = routes.find(({ route }) => route === '/slow/:id')!;
    expect(ofSlow.layers.map(({ layer }) => layer)).toEqual(['middleware']);
    expect(await ask('/v1/operations?service=breaching')).toMatchObject({ modules: [] });
    expect(await ask('/v1/queries?service=breaching')).toMatchObject({ queries: [] });
  });

  it('tells which libraries are instrumented, at which version', async () => {
    const { libraries, uncovered } = await ask<Libraries>('/v1/libraries?service=breaching');
    const express = libraries.filter(({ library }) => library === 'express');
    expect(express.length).toBeGreaterThan(0);
    const { version } = createRequire(import.meta.url)('express/package.json') as {
      version: string;
    };
    expect(new Set(express.map((row) => row.version))).toEqual(new Set([version]));
    expect(libraries.map(({ verdict }) => verdict)).not.toContain('outside');
    expect(uncovered).toEqual([]);
  });

  it('holds nothing that a user sent or an error said', async () => {
    const { events } = await ask<{ events: unknown[] }>('/v1/events?service=breaching&limit=1000');
    expect(events.length).toBeGreaterThan(0);
    expect(JSON.stringify(events)).not.toMatch(/planted/);
  });
});

it('the doctor says which libraries are instrumented', async () => {
  const env = { TACHOGRAPH_URL: collector.url, TACHOGRAPH_SPOOL_DIR: folder.path };
  const outcome = await doctor(env, '--json', '--service', 'breaching');
  const libraries = findingsIn(outcome, 'library');
  expect(libraries.map(({ level }) => level)).not.toContain('attention');
  expect(libraries.map(({ found }) => found).join()).toMatch(/express \d+\.\d+\.\d+: routes, by/);
});

describe('the command line', () => {
  it('lists the same traces', async () => {
    const { code, stdout } = await tachograph('traces', '--format', 'json', '--limit', '100');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(await traces());
    const text = await tachograph('traces', '--reason', 'error');
    expect(text.stdout).toMatch(
      /error .* 0 queries +[\da-f]{32} {2}GET \/fail 500 {2}breaching\n$/,
    );
  });

  it('shows a trace, and ends with 3 where there is none', async () => {
    const { code, stdout } = await tachograph('trace', TRACE_ID);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^GET \/calls 200\nslow /);
    expect(stdout).toMatch(/middleware +firstGate .*█/);
    expect(stdout).toContain('3 outbound calls');
    expect(stdout).toContain(`trace ${TRACE_ID}  user ${USER_HASH}\n`);
    const ofUser = await tachograph('traces', '--user', USER_HASH, '--format', 'json');
    expect(JSON.parse(ofUser.stdout)).toMatchObject([{ traceId: TRACE_ID }]);
    expect((await tachograph('traces', '--route', '/nowhere')).code).toBe(3);
    expect((await tachograph('trace', '0'.repeat(32))).code).toBe(3);
    expect((await tachograph('trace', 'x')).code).toBe(2);
  });

  it('shows budgets in breach and traces in top', async () => {
    const { stdout } = await tachograph('top', '--once', '--range', '60m');
    expect(stdout).toMatch(/^Budgets in breach/m);
    expect(stdout).toMatch(/^slow_response GET \/(?:calls|slow\/:id) .* 2 of 4$/m);
    expect(stdout).toMatch(/^view_response_time GET \/slow\/:id /m);
    expect(stdout).toMatch(/^Newest traces/m);
    expect(stdout).toContain(TRACE_ID);
  });
});
