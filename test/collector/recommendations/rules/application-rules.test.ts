import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../../src/collector/query/listings.js';
import type { StallPlace } from '../../../../src/collector/query/stalls.js';
import { browser } from '../../../../src/collector/recommendations/rules/browser.js';
import { errorRate } from '../../../../src/collector/recommendations/rules/error-rate.js';
import { garbageCollection } from '../../../../src/collector/recommendations/rules/garbage-collection.js';
import { heapGrowth } from '../../../../src/collector/recommendations/rules/heap-growth.js';
import { jobsOverBudget } from '../../../../src/collector/recommendations/rules/jobs-over-budget.js';
import { largeAnswer } from '../../../../src/collector/recommendations/rules/large-answer.js';
import { longRequest } from '../../../../src/collector/recommendations/rules/long-request.js';
import { middleware } from '../../../../src/collector/recommendations/rules/middleware.js';
import { operationOverBudget } from '../../../../src/collector/recommendations/rules/operation-over-budget.js';
import { rateLimits } from '../../../../src/collector/recommendations/rules/rate-limits.js';
import { repeatedTemplate } from '../../../../src/collector/recommendations/rules/repeated-template.js';
import { serialization } from '../../../../src/collector/recommendations/rules/serialization.js';
import { slowAuthentication } from '../../../../src/collector/recommendations/rules/slow-authentication.js';
import { slowRoute } from '../../../../src/collector/recommendations/rules/slow-route.js';
import { slowSessions } from '../../../../src/collector/recommendations/rules/slow-sessions.js';
import { stalls } from '../../../../src/collector/recommendations/rules/stalls.js';
import { staticFiles } from '../../../../src/collector/recommendations/rules/static-files.js';
import { uncachedTemplate } from '../../../../src/collector/recommendations/rules/uncached-template.js';
import type { RouteLayer } from '../../../../src/collector/views/route-layers.js';
import { makeCalls, makeEvidence, makeLayers, makeRoute } from '../make-evidence.js';

const layer = (name: string, requests: number, mean: number, share: number): RouteLayer => ({
  layer: name,
  requests,
  p95: mean,
  max: mean,
  total: requests * mean,
  share,
});
const sizes = (route: string, status: string, calls: number, min: number, max: number) =>
  makeCalls(
    { 'http.request.method': 'GET', 'http.route': route, 'http.response.status_class': status },
    calls,
    (min + max) / 2,
    { min, max },
  );
const MIB = 1024 * 1024;

describe('templates', () => {
  const page = makeRoute('GET', '/page', 100, 0.02, {
    layers: [layer('template', 100, 0.01, 0.5)],
  });

  it('whose answers are all of one size are worth a fragment cache', () => {
    const evidence = makeEvidence({
      routes: [page],
      responseSizes: [sizes('/page', '2xx', 100, 5000, 5050)],
    });
    const [one] = repeatedTemplate(evidence);
    expect(one).toMatchObject({ type: 'fragment_cache', route: 'GET /page', confidence: 'medium' });
    expect(one?.costPerDay).toBeCloseTo(24, 6);
  });

  it('whose answers differ are not', () => {
    const evidence = makeEvidence({
      routes: [page],
      responseSizes: [sizes('/page', '2xx', 100, 5000, 9000)],
    });
    expect(repeatedTemplate(evidence)).toEqual([]);
  });

  const of = (made: number, processes = 1) =>
    uncachedTemplate(
      makeEvidence({
        compilations: [{ library: 'ejs', name: 'slow.ejs', made }],
        instances: Array.from({ length: processes }, () => ({}) as Instance),
        layers: makeLayers({
          templates: [
            makeCalls(
              { 'tachograph.library': 'ejs', 'tachograph.template.name': 'slow.ejs' },
              100,
              0.003,
            ),
          ],
        }),
      }),
    );

  it('that are made at every rendering are told to be kept', () => {
    expect(of(100)).toMatchObject([
      { subject: 'ejs slow.ejs', fix: { code: expect.stringContaining('cache: true') } },
    ]);
    expect(of(100)[0]?.costPerDay).toBeCloseTo((0.003 / 2) * 2400, 6);
  });

  it('that each process makes once or a few times are not', () => {
    expect(of(10)).toEqual([]);
    expect(of(40, 4)).toEqual([]);
  });
});

describe('the event loop', () => {
  const block: StallPlace = {
    service: 'shop',
    function: 'simulate',
    file: 'src/forecast.js',
    line: 21,
    count: 10,
    sum: 2,
    max: 0.3,
    gc: 0,
    lastSeenMs: 0,
    ongoing: 0,
    approximate: 0,
    stack: null,
  };

  it('blocked by a line costs those who wait besides', () => {
    const [one] = stalls(makeEvidence({ stalls: [block], requests: 36_000 }));
    expect(one).toMatchObject({ code: { file: 'src/forecast.js', line: 21 }, confidence: 'high' });
    // 10 requests a second: 1.5 of them wait for half of a block of 0.3 s
    expect(one?.costPerDay).toBeCloseTo(2 * (1 + 1.5) * 24, 6);
  });

  it('blocked by code that nobody looked into, or once, is no recommendation', () => {
    expect(stalls(makeEvidence({ stalls: [{ ...block, file: null, line: null }] }))).toEqual([]);
    expect(stalls(makeEvidence({ stalls: [{ ...block, count: 1 }] }))).toEqual([]);
  });

  it('blocked by a hash is advice to hash elsewhere', () => {
    const hash = { ...block, function: 'bcryptCompareSync', file: 'node_modules/bcryptjs/umd.js' };
    const evidence = makeEvidence({ stalls: [hash] });
    expect(slowAuthentication(evidence)).toMatchObject([{ type: 'blocking_hash' }]);
    expect(stalls(evidence)).toEqual([]);
    expect(slowAuthentication(makeEvidence({ stalls: [block] }))).toEqual([]);
  });
});

describe('memory', () => {
  const heap = (bytesAt: (i: number) => number) => ({
    instance: 'p1',
    limit: 1024 * MIB,
    points: Array.from({ length: 48 }, (_, i) => ({ timeMs: i * 75_000, bytes: bytesAt(i) })),
  });
  const of = (...heaps: ReturnType<typeof heap>[]) =>
    heapGrowth(makeEvidence({ runtime: { ...makeEvidence().runtime, heaps } }));

  it('that grows in a line is a leak, with its slope and the time until the limit', () => {
    const [one] = of(heap((i) => (100 + 2 * i) * MIB));
    // 2 MiB in 75 s
    expect(one?.finding).toContain('96 MiB an hour');
    expect(one).toMatchObject({ type: 'heap_growth', risk: 'outage', confidence: 'high' });
  });

  it('that goes up and down, or grows at the start only, is none', () => {
    expect(of(heap((i) => (100 + 40 * Math.sin(i)) * MIB))).toEqual([]);
    expect(of(heap((i) => Math.min(150, 60 + 12 * i) * MIB))).toEqual([]);
  });

  it('of which much goes to collections is one', () => {
    const gc = [makeCalls({ 'v8js.gc.type': 'minor' }, 10_000, 0.03)];
    const runtime = { ...makeEvidence().runtime, gc, gcShare: 0.083 };
    const [one] = garbageCollection(makeEvidence({ runtime }));
    expect(one?.costPerDay).toBeCloseTo(300 * 24, 6);
    expect(garbageCollection(makeEvidence({ runtime: { ...runtime, gcShare: 0.02 } }))).toEqual([]);
  });
});

describe('routes', () => {
  it('of two seconds and more are work for the background, and no slow routes besides', () => {
    const routes = [makeRoute('POST', '/report', 50, 3)];
    expect(longRequest(makeEvidence({ routes }))).toMatchObject([{ type: 'background_job' }]);
    expect(slowRoute(makeEvidence({ routes }))).toEqual([]);
  });

  it('over their budget say where the time goes', () => {
    const routes = [
      makeRoute('GET', '/slow', 50, 0.6, { layers: [layer('query', 50, 0.5, 0.83)] }),
    ];
    const [one] = slowRoute(makeEvidence({ routes }));
    expect(one?.evidence.join(' ')).toContain('query 83 %');
    expect(one?.costPerDay).toBeCloseTo(0.2 * 50 * 24, 6);
    expect(longRequest(makeEvidence({ routes }))).toEqual([]);
    expect(slowRoute(makeEvidence({ routes: [makeRoute('GET', '/fast', 50, 0.3)] }))).toEqual([]);
  });

  it('that fail are told with their share', () => {
    const failing = makeRoute('GET', '/chart', 100, 0.1, { errorRatio: 0.08 });
    const [one] = errorRate(makeEvidence({ routes: [failing] }));
    expect(one).toMatchObject({
      finding: '8 % of the requests of GET /chart fail.',
      risk: 'degraded',
    });
    const fine = { ...failing, errorRatio: 0.01 };
    expect(errorRate(makeEvidence({ routes: [fine] }))).toEqual([]);
  });

  it('with much middleware name it', () => {
    const row = makeRoute('GET', '/a', 100, 0.1, { middlewareTime: 3, middlewareP95: 0.04 });
    const layers = makeLayers({
      middleware: [makeCalls({ 'code.function.name': 'loadTenant' }, 100, 0.025)],
    });
    const [one] = middleware(makeEvidence({ routes: [row], layers }));
    expect(one?.evidence.join(' ')).toContain('loadTenant');
    expect(one?.costPerDay).toBeCloseTo(2 * 24, 6);
    expect(middleware(makeEvidence({ routes: [{ ...row, middlewareP95: 0.01 }] }))).toEqual([]);
  });

  it('with large answers are told to send less', () => {
    const row = makeRoute('GET', '/all', 100, 0.1, {
      layers: [layer('serialization', 100, 0.03, 0.3)],
    });
    expect(serialization(makeEvidence({ routes: [row] }))).toMatchObject([
      { type: 'heavy_serialization' },
    ]);
    const small = { ...row, layers: [layer('serialization', 100, 0.001, 0.3)] };
    expect(serialization(makeEvidence({ routes: [small] }))).toEqual([]);
  });
});

describe('layers', () => {
  it('slow sessions and slow strategies cost what is over their budgets', () => {
    const evidence = makeEvidence({
      layers: makeLayers({
        sessions: [makeCalls({ 'tachograph.session.operation': 'load' }, 100, 0.05)],
        authentications: [makeCalls({ 'tachograph.authentication.strategy': 'ldap' }, 100, 0.15)],
      }),
    });
    expect(slowSessions(evidence)[0]?.costPerDay).toBeCloseTo(0.03 * 2400, 6);
    expect(slowAuthentication(evidence)[0]?.costPerDay).toBeCloseTo(0.1 * 2400, 6);
    const fast = makeEvidence({
      layers: makeLayers({
        sessions: [makeCalls({}, 100, 0.001)],
        authentications: [makeCalls({}, 100, 0.001)],
      }),
    });
    expect([...slowSessions(fast), ...slowAuthentication(fast)]).toEqual([]);
  });

  it('a rate limit that refuses many is told', () => {
    const of = (refused: number) =>
      rateLimits(
        makeEvidence({ rateLimits: [{ library: 'express-rate-limit', allowed: 90, refused }] }),
      );
    expect(of(10)).toMatchObject([{ type: 'rate_limit_refusals' }]);
    expect(of(2)).toEqual([]);
  });
});

describe('files', () => {
  const layers = makeLayers({ staticFiles: [makeCalls({}, 100, 0.001)] });

  it('that browsers ask for again want a Cache-Control', () => {
    const responseSizes = [
      sizes('/vendor/*', '2xx', 20, 900, 1000),
      sizes('/vendor/*', '3xx', 80, 200, 200),
    ];
    expect(staticFiles(makeEvidence({ layers, responseSizes }))).toMatchObject([
      {
        type: 'static_cache',
        fix: { language: 'http', code: expect.stringContaining('immutable') },
      },
    ]);
  });

  it('that are large want to be minified and compressed', () => {
    const responseSizes = [sizes('(middleware)', '2xx', 20, 900, 284_000)];
    expect(staticFiles(makeEvidence({ layers, responseSizes }))).toMatchObject([
      { type: 'static_size' },
    ]);
  });

  it('that are small and kept are fine; so are pages that are no files', () => {
    const fine = [
      sizes('/assets/*', '2xx', 100, 900, 9000),
      sizes('/orders', '2xx', 20, 900, 900_000),
    ];
    expect(staticFiles(makeEvidence({ layers, responseSizes: fine }))).toEqual([]);
  });
});

it('answers of an API that are large want pages; files and small ones do not', () => {
  const large = sizes('/api/customers', '2xx', 30, 150_000, 250_000);
  expect(largeAnswer(makeEvidence({ responseSizes: [large] }))).toMatchObject([
    { type: 'large_answer', route: 'GET /api/customers' },
  ]);
  const layers = makeLayers({ staticFiles: [makeCalls({}, 100, 0.001)] });
  const fine = [
    sizes('(middleware)', '2xx', 30, 150_000, 250_000),
    sizes('/a', '2xx', 30, 1, 99_000),
  ];
  expect(largeAnswer(makeEvidence({ layers, responseSizes: fine }))).toEqual([]);
});

describe('work without a request', () => {
  const job = {
    system: 'bullmq',
    queue: 'mail',
    job: 'send',
    calls: 10,
    rate: 0,
    p50: 1,
    p95: 8,
    p99: 8,
    max: 9,
    total: 80,
    errorRatio: 0,
    queriesPerCall: 3,
    retries: 0,
    wait: null,
  };

  it('over its budget, waiting, or tried again is told', () => {
    expect(jobsOverBudget(makeEvidence({ jobs: [job] }))).toMatchObject([
      { type: 'job_over_budget', subject: 'mail / send', costPerDay: expect.closeTo(30 * 24, 3) },
    ]);
    const late = { ...job, p95: 1, retries: 5, wait: { p50: 1, p95: 60, max: 70 } };
    expect(jobsOverBudget(makeEvidence({ jobs: [late] })).map(({ type }) => type)).toEqual([
      'job_wait',
      'job_retries',
    ]);
    expect(jobsOverBudget(makeEvidence({ jobs: [{ ...job, p95: 1 }] }))).toEqual([]);
  });

  it('of a business operation is told with its module', () => {
    const budget = {
      name: 'inventory_calculation',
      layer: 'business' as const,
      unit: 'ms' as const,
      statistic: 'p95' as const,
      limit: 150,
      state: 'breach' as const,
      value: 300,
      valueLimit: 150,
      attributes: {},
      samples: 100,
      groups: 1,
      groupsInBreach: 1,
      reason: null,
    };
    const { retries: _, wait: __, system: ___, queue: ____, job: _____, ...timed } = job;
    const operation = { operation: 'inventory_calculation', ...timed, calls: 100, total: 30 };
    const modules = [{ module: 'inventory', calls: 100, total: 30, operations: [operation] }];
    const [one] = operationOverBudget(makeEvidence({ budgets: [budget], modules }));
    expect(one?.evidence.join(' ')).toContain('module inventory');
    expect(one?.costPerDay).toBeCloseTo(0.15 * 2400, 6);
    const calm = { ...budget, state: 'ok' as const };
    expect(operationOverBudget(makeEvidence({ budgets: [calm], modules }))).toEqual([]);
  });
});

it('browsers that find a page slow are heard, and those that do not are not', () => {
  const vital = {
    name: 'LCP',
    unit: 's',
    p75: 4.2,
    p95: 6,
    samples: 100,
    good: 10,
    needsImprovement: 20,
    poor: 70,
    rating: 'poor' as const,
    limit: 2.5,
  };
  const rest = { pages: [], devices: [], connections: [], ajax: [], resources: [], scripts: [] };
  const frontend = { ...rest, vitals: [vital] };
  expect(browser(makeEvidence({ frontend }))).toMatchObject([
    { type: 'web_vital', finding: 'p75 of LCP is 4.2 s; good is under 2.5 s.' },
  ]);
  const good = { ...frontend, vitals: [{ ...vital, rating: 'good' as const }] };
  expect(browser(makeEvidence({ frontend: good }))).toEqual([]);
  expect(browser(makeEvidence())).toEqual([]);
});
