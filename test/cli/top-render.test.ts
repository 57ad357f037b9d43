import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../src/cli/format-value.js';
import { renderTop } from '../../src/cli/render-top.js';
import type { HostRow, TopData } from '../../src/cli/top-data.js';
import type { HistogramStats } from '../../src/collector/query/query-request.js';
import type { StallPlace } from '../../src/collector/query/stalls.js';
import type { BudgetRow } from '../../src/collector/views/budget-states.js';
import type { RouteRow } from '../../src/collector/views/routes.js';
import type { TraceRow } from '../../src/collector/views/traces.js';

const stats = (count: number): HistogramStats => ({
  count,
  rate: count / 60,
  sum: count * 0.01,
  mean: 0.01,
  min: 0.001,
  max: 0.25,
  p50: 0.01,
  p90: 0.02,
  p95: 0.03,
  p99: 0.2,
  p99_9: 0.24,
});

const route = (changes: Partial<RouteRow> = {}): RouteRow => ({
  method: 'GET',
  route: '/orders/:id',
  calls: 600,
  rate: 10,
  p50: 0.0123,
  p95: 0.045,
  p99: 0.2,
  max: 1.5,
  total: 12.3,
  errorRatio: 0.025,
  aborted: 3,
  queriesPerRequest: 0,
  queriesMax: null,
  cacheReadsPerRequest: 0,
  cacheHitRatio: null,
  queryTime: 0,
  middlewareTime: 0,
  middlewareP95: null,
  layers: [],
  ...changes,
});

const host = (changes: Partial<HostRow> = {}): HostRow => ({
  host: 'db.example',
  calls: 100,
  rate: 1.7,
  p50: 0.001,
  p95: 0.002,
  max: 0.003,
  total: 1,
  errorRatio: 0,
  ...changes,
});

const stall = (changes: Partial<StallPlace> = {}): StallPlace => ({
  service: 'shop',
  function: 'renderInvoice',
  file: 'src/invoice.js',
  line: 41,
  count: 3,
  sum: 1.2,
  max: 0.8,
  gc: 0.3,
  lastSeenMs: Date.UTC(2026, 10, 23, 12, 34, 44),
  ongoing: 0,
  approximate: 0,
  stack: null,
  ...changes,
});

const data = (changes: Partial<TopData> = {}): TopData => ({
  timeMs: Date.UTC(2026, 10, 23, 12, 34, 56),
  seconds: 60,
  services: [
    { name: 'shop', environments: ['test'], versions: ['1.0'], instances: 2, lastSeenMs: 0 },
  ],
  service: undefined,
  delay: stats(500),
  gc: stats(30),
  gauges: {
    'nodejs.eventloop.utilization': { last: 0.2, mean: 0.12, min: 0, max: 1 },
    'process.memory.usage': { last: 80 * 1024 * 1024, mean: 0, min: 0, max: 0 },
  },
  rates: { 'system.disk.io read': 2048, 'system.network.io transmit': 5_000_000 },
  processes: [
    {
      agent: 'a',
      boot: 'b',
      service: 'shop',
      recorded: 1000,
      received: 990,
      delivered: 990,
      pending: 10,
      dropped: {},
      balanced: true,
      unaccounted: 0,
      batches: 6,
      lastSequence: 6,
      lastSeenMs: 0,
    },
  ],
  routes: [route({ route: '/small', total: 1 }), route()],
  hosts: [host()],
  stalls: [],
  modules: [],
  jobs: [],
  breaches: [],
  traces: [],
  ...changes,
});

const breach = (attributes: Record<string, string>): BudgetRow => ({
  name: 'view_response_time',
  layer: 'application',
  unit: 'ms',
  statistic: 'p95',
  limit: 400,
  state: 'breach',
  value: 1250,
  valueLimit: 300,
  attributes,
  samples: 400,
  groups: 5,
  groupsInBreach: 2,
  reason: null,
});

const trace = (attributes: Record<string, string>): TraceRow => ({
  timeMs: Date.UTC(2026, 10, 23, 12, 34, 50),
  traceId: '0123456789abcdef0123456789abcdef',
  spanId: '0123456789abcdef',
  parentId: null,
  service: 'shop',
  agent: 'a',
  reason: 'slow',
  attributes,
  statusCode: 200,
  duration: 1.25,
  queries: 31,
  queryTime: 0.5,
  middlewareTime: 0.001,
  clientCalls: 0,
  cacheHits: 0,
  cacheMisses: 0,
  stallTime: 0,
});

const operation = (name: string) => ({
  operation: name,
  calls: 30,
  rate: 0.5,
  p50: 0.01,
  p95: 0.02,
  p99: 0.03,
  max: 0.04,
  total: 0.3,
  errorRatio: 0,
  queriesPerCall: null,
});

describe('the view of top', () => {
  it('shows every part, routes by total time first', () => {
    expect(renderTop(data(), 120, 40)).toBe(
      [
        'tachograph top  12:34:56 UTC  last 60 s  shop 1.0 × 2',
        'Event loop  delay p50 10.0 ms  p99 200 ms  max 250 ms  │  utilisation 12 %  │  GC 30 runs  5.00 ms/s  max 250 ms',
        'CPU  process —  │  host —  │  open requests —',
        'Memory  RSS 80.0 MiB  │  heap — of —  │  host — of —',
        'Disk  read 2.00 KiB/s  write —  │  Network  in —  out 4.77 MiB/s',
        'Ledger  recorded 1000 = received 990 + dropped 0 + pending 10  ✓',
        '',
        'Route                                           calls  req/s      p50      p95      p99      max errors aborted    total',
        'GET /orders/:id                                   600     10  12.3 ms  45.0 ms   200 ms   1.50 s  2.5 %       3   12.3 s',
        'GET /small                                        600     10  12.3 ms  45.0 ms   200 ms   1.50 s  2.5 %       3   1.00 s',
        '',
        'Outbound calls                                                   calls  req/s      p50      p95      max errors    total',
        'db.example                                                         100    1.7  1.00 ms  2.00 ms  3.00 ms    0 %   1.00 s',
      ].join('\n'),
    );
  });

  it('shows no percentile of fewer than 20 samples, and the maximum all the same', () => {
    const few = renderTop(data({ routes: [route({ calls: 19 })], delay: stats(19) }), 120, 40);
    expect(few).toMatch(/\/orders\/:id +19 +10 +— +— +— +1\.50 s/);
    expect(few).toContain('delay p50 —  p99 —  max 250 ms');
    expect(renderTop(data({ routes: [route({ calls: 20 })] }), 120, 40)).toContain('12.3 ms');
  });

  it('says when the ledger does not balance', () => {
    const processes = data().processes.map((process) => ({ ...process, balanced: false }));
    expect(renderTop(data({ processes }), 120, 40)).toContain('does not balance');
  });

  it('says that there were no requests', () => {
    expect(renderTop(data({ routes: [], hosts: [] }), 120, 40)).toContain(
      'No requests in this time.',
    );
  });

  it('shows queries of a request, operations, budgets in breach and traces where there are any', () => {
    const view = renderTop(
      data({
        routes: [route({ queriesPerRequest: 4.25 })],
        modules: [{ module: 'sales', calls: 30, total: 0.3, operations: [operation('ship')] }],
        breaches: [breach({ 'http.request.method': 'GET', 'http.route': '/orders' })],
        traces: [trace({ 'http.request.method': 'GET', 'http.route': '/orders' })],
      }),
      120,
      40,
    );
    expect(view).toMatch(/Route +calls +req\/s +queries +p50/);
    expect(view).toMatch(/GET \/orders\/:id +600 +10 +4\.3 +12\.3 ms/);
    expect(view).toMatch(/sales: ship +30 +0\.5 +10\.0 ms/);
    expect(view).toMatch(/view_response_time GET \/orders +1\.25 s +300 ms +p95 +400 +2 of 5/);
    expect(view).toMatch(
      /12:34:50 GET \/orders 200 +slow +1\.25 s +31 +0123456789abcdef0123456789abcdef$/m,
    );
  });

  it('shows how many reads of caches found something, where there were any', () => {
    expect(renderTop(data(), 120, 40)).not.toContain('cached');
    const routes = [
      route({ cacheReadsPerRequest: 2, cacheHitRatio: 0.75 }),
      route({ route: '/plain', total: 1 }),
    ];
    const view = renderTop(data({ routes }), 120, 40);
    expect(view).toMatch(/Route +calls +req\/s +cached +p50/);
    expect(view).toMatch(/GET \/orders\/:id +600 +10 +75 % +12\.3 ms/);
    expect(view).toMatch(/GET \/plain +600 +10 +— +12\.3 ms/);
  });

  it('shows jobs by queue and name, and schedules, with their waiting and retries', () => {
    const { operation: _, ...timed } = operation('');
    const job = { ...timed, system: 'bullmq', queue: 'mails', job: 'welcome' };
    const wait = { p50: 0.1, p95: 1.5, max: 2 };
    const view = renderTop(
      data({
        jobs: [
          { ...job, queriesPerCall: 2.5, errorRatio: 0.1, retries: 3, wait },
          { ...job, system: '', queue: '', job: 'nightly', retries: 0, wait: null },
          { ...job, system: 'nats', queue: 'orders.*', job: '', calls: 3, retries: 0, wait },
        ],
        traces: [trace({ 'messaging.system': 'bullmq', 'messaging.destination.name': 'mails' })],
      }),
      120,
      40,
    );
    expect(view).toMatch(/Jobs and messages +calls +queries +p50 +p95 +max +errors +retries +wait/);
    expect(view).toMatch(/bullmq mails: welcome +30 +2\.5 +10\.0 ms .*10 % +3 +1\.50 s/);
    expect(view).toMatch(/^ *nightly +30 +0 .*—/m);
    // Percentiles of three say nothing.
    expect(view).toMatch(/nats orders\.\* +3 +0 +— +— /);
    expect(view).toMatch(/12:34:50 bullmq mails /);
  });

  it('keeps every table in sight of many routes', () => {
    const view = renderTop(
      data({
        routes: Array.from({ length: 100 }, (_, i) => route({ route: `/r${i}` })),
        modules: [{ module: 'm', calls: 1, total: 1, operations: Array(20).fill(operation('o')) }],
        breaches: Array(20).fill(breach({})),
        traces: Array(20).fill(trace({})),
      }),
      120,
      40,
    );
    expect(view.split('\n')).toHaveLength(40);
    for (const part of ['/r5', 'db.example', 'm: o', 'view_response_time', '(no name) 200']) {
      expect(view).toContain(part);
    }
  });

  it('keeps the outbound calls in sight of many routes', () => {
    const routes = Array.from({ length: 100 }, (_, i) => route({ route: `/r${i}` }));
    const view = renderTop(data({ routes }), 120, 24);
    expect(view).toContain('db.example');
    expect(view.split('\n')).toHaveLength(24);
  });

  it('shows what blocked the event loop, and only when something did', () => {
    expect(renderTop(data(), 120, 40)).not.toContain('blocked');
    const stalls = [
      stall(),
      stall({ function: 'parse', approximate: 3, ongoing: 1, gc: 0 }),
      stall({ function: null, file: null, line: null, count: 1, sum: 0.2, max: 0.2, gc: 0 }),
    ];
    expect(
      renderTop(data({ stalls, hosts: [] }), 100, 40)
        .split('\n')
        .slice(-4),
    ).toEqual([
      'What blocked the event loop                             blocks    total      max      GC        last',
      'renderInvoice  src/invoice.js:41                             3   1.20 s   800 ms    25 %  12.0 s ago',
      'parse  ~src/invoice.js:41                                    3   1.20 s   800 ms     0 %     blocked',
      '(not looked into)                                            1   200 ms   200 ms     0 %  12.0 s ago',
    ]);
  });

  it('keeps what blocked in sight of many routes', () => {
    const routes = Array.from({ length: 100 }, (_, i) => route({ route: `/r${i}` }));
    const view = renderTop(data({ routes, stalls: [stall()] }), 120, 24);
    expect(view).toContain('renderInvoice');
    expect(view).toContain('db.example');
    expect(view.split('\n')).toHaveLength(24);
  });

  it('neutralises names and stays inside the screen, whatever a service is called', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom(
        '\x1b[2J\x1b]0;owned\x07',
        'a\r\nb\tc\u0085\u2028',
        '\u202eabc\u2066',
        '統計'.repeat(80),
        '\ud800x',
        'é'.normalize('NFD').repeat(100),
        '👩‍👩‍👧‍👦'.repeat(50),
      ),
    );
    const size = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(name, name, size, size, (first, second, width, height) => {
        const service = {
          name: first,
          environments: [],
          versions: [second],
          instances: 1,
          lastSeenMs: 0,
        };
        const hostile = data({
          services: [service],
          routes: [route({ route: first, method: second })],
          hosts: [host({ host: second })],
          stalls: [stall({ function: first, file: second })],
          modules: [{ module: first, calls: 1, total: 1, operations: [operation(second)] }],
          breaches: [breach({ [first]: second })],
          traces: [{ ...trace({ 'http.route': first }), reason: second, traceId: first }],
        });
        const lines = renderTop(hostile, width, height).split('\n');
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines) {
          expect(widthOf(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('paints only where it is asked to', () => {
    const painted = renderTop(data(), 120, 40, (style, text) => `<${style}>${text}</${style}>`);
    expect(painted).toContain('<red>GET /orders/:id');
    expect(renderTop(data(), 120, 40)).not.toContain('\x1b');
  });
});
