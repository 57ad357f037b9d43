import { describe, expect, it } from 'vitest';
import type { Advice } from '../../../../src/advisor/advice.js';
import type { Repeated } from '../../../../src/collector/recommendations/evidence/trace-patterns.js';
import { bulkWrites } from '../../../../src/collector/recommendations/rules/bulk-writes.js';
import { cacheReads } from '../../../../src/collector/recommendations/rules/cache-reads.js';
import { chattyRoute } from '../../../../src/collector/recommendations/rules/chatty-route.js';
import { duplicateQueries } from '../../../../src/collector/recommendations/rules/duplicate-queries.js';
import { indexCare } from '../../../../src/collector/recommendations/rules/index-care.js';
import { missingIndex } from '../../../../src/collector/recommendations/rules/missing-index.js';
import { nPlusOne } from '../../../../src/collector/recommendations/rules/n-plus-one.js';
import { noPool } from '../../../../src/collector/recommendations/rules/no-pool.js';
import { poolSize } from '../../../../src/collector/recommendations/rules/pool-size.js';
import { slowDatabase } from '../../../../src/collector/recommendations/rules/slow-database.js';
import { slowQuery } from '../../../../src/collector/recommendations/rules/slow-query.js';
import { transactions } from '../../../../src/collector/recommendations/rules/transactions.js';
import { unboundedRead } from '../../../../src/collector/recommendations/rules/unbounded-read.js';
import { wideRows } from '../../../../src/collector/recommendations/rules/wide-rows.js';
import { makeCalls, makeEvidence, makeFinding, makeQuery, makeRoute } from '../make-evidence.js';

const repeated = (call: string, mean: number, kind: Repeated['kind'] = 'query'): Repeated => ({
  kind,
  method: 'GET',
  route: '/orders',
  call,
  traces: 3,
  mean,
  max: mean,
  meanTime: 0.002,
  traceId: 'a'.repeat(32),
});
const traces = (parts: Partial<ReturnType<typeof makeEvidence>['traces']>) => ({
  ...makeEvidence().traces,
  ...parts,
});

describe('queries for each row of another', () => {
  it('come from a finding, with its line, its cost and its fix', () => {
    const [one, ...others] = nPlusOne(makeEvidence({ findings: [makeFinding('n_plus_one')] }));
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      type: 'n_plus_one',
      route: 'GET /orders',
      costPerDay: 912,
      confidence: 'high',
      code: { file: 'src/orders.js', line: 12 },
      fix: { text: 'Join the lines.' },
    });
    expect(one?.finding).toContain('20 times a request, once for each row of SELECT * FROM orders');
  });

  it('come from traces where there is no finding: all but one call, for every request of a day', () => {
    const evidence = makeEvidence({
      routes: [makeRoute('GET', '/orders', 100, 0.1)],
      traces: traces({ repeated: [repeated('SELECT a FROM b WHERE c = ?', 11)] }),
    });
    // 10 avoidable calls of 2 ms in 100 requests an hour
    expect(nPlusOne(evidence)).toMatchObject([{ confidence: 'medium', route: 'GET /orders' }]);
    expect(nPlusOne(evidence)[0]?.costPerDay).toBeCloseTo(10 * 0.002 * 2400, 6);
    const told = { ...evidence, findings: [makeFinding('n_plus_one')] };
    expect(nPlusOne(told)).toHaveLength(1);
  });

  it('are none when a request repeats little, or writes', () => {
    const few = traces({
      repeated: [repeated('SELECT a FROM b', 4), repeated('INSERT INTO b', 40)],
    });
    expect(nPlusOne(makeEvidence({ traces: few }))).toEqual([]);
  });
});

describe('writes of one row each', () => {
  it('come from findings and from traces', () => {
    const found = bulkWrites(makeEvidence({ findings: [makeFinding('single_row_writes')] }));
    expect(found).toMatchObject([
      { type: 'bulk_write', costPerDay: 912, fix: { language: 'sql' } },
    ]);
    const seen = bulkWrites(
      makeEvidence({
        routes: [makeRoute('GET', '/orders', 10, 1)],
        traces: traces({ repeated: [repeated('INSERT INTO payslips VALUES (?)', 41)] }),
      }),
    );
    expect(seen[0]?.costPerDay).toBeCloseTo(40 * 0.002 * 240, 6);
  });

  it('are none where reads repeat', () => {
    const reads = traces({ repeated: [repeated('SELECT 1 FROM a', 41)] });
    expect(bulkWrites(makeEvidence({ traces: reads }))).toEqual([]);
  });
});

describe('findings that have a rule of their own', () => {
  it.each([
    ['duplicate_query', duplicateQueries],
    ['wide_rows', wideRows],
    ['connection_leak', transactions],
    ['idle_transaction', transactions],
    ['lock_wait', transactions],
    ['deadlock', transactions],
  ])('%s', (kind, rule) => {
    const [one] = rule(makeEvidence({ findings: [makeFinding(kind)] }));
    expect(one).toMatchObject({ type: kind, costPerDay: 912, code: { line: 12 } });
    expect(rule(makeEvidence({ findings: [makeFinding('other')] }))).toEqual([]);
  });
});

it('a deadlock of which no agent told the place is named by its statement', () => {
  const place = { method: '', route: '', operation: '', code: null };
  const finding = { ...makeFinding('deadlock'), ...place, query: 'DELETE FROM lots WHERE id = ?' };
  const [one] = transactions(makeEvidence({ findings: [finding] }));
  expect(one!.title).toBe('Deadlocks: DELETE FROM lots WHERE id = ?');
  expect(one!.finding).toMatch(/^DELETE FROM lots WHERE id = \? was ended/);
});

describe('advice of the database', () => {
  const advice: Advice = {
    id: 'a',
    kind: 'missing_index',
    database: 'erp',
    table: 'lots',
    query: 'SELECT * FROM lots WHERE lot = ?',
    ddl: 'CREATE INDEX ON lots (lot)',
    gain: 10,
    confidence: 'high',
    evidence: ['Seq Scan on lots'],
    writeCost: 'about 1 µs a write',
  };

  it('is a recommendation with its DDL, and saves what the plan says of the time of the query', () => {
    const queries = [makeQuery('SELECT * FROM lots WHERE lot = ?', 100, 0.05)];
    const [one] = missingIndex(makeEvidence({ advice: [advice], queries }));
    expect(one).toMatchObject({ fix: { code: 'CREATE INDEX ON lots (lot)', language: 'sql' } });
    expect(one?.costPerDay).toBeCloseTo(5 * 0.9 * 24, 6);
  });

  it('of what costs and helps nobody is one too', () => {
    const unused = { ...advice, kind: 'unused_index' as const, ddl: 'DROP INDEX a' };
    expect(indexCare(makeEvidence({ advice: [unused] }))).toMatchObject([{ type: 'unused_index' }]);
    expect(indexCare(makeEvidence({ advice: [advice] }))).toEqual([]);
    expect(missingIndex(makeEvidence({ advice: [unused] }))).toEqual([]);
  });

  it('explains a slow query, which is then no recommendation of its own', () => {
    const queries = [makeQuery('SELECT * FROM lots WHERE lot = ?', 100, 0.05)];
    expect(slowQuery(makeEvidence({ queries, advice: [advice] }))).toEqual([]);
    const [one] = slowQuery(makeEvidence({ queries }));
    // 50 ms a call where 10 are allowed
    expect(one?.costPerDay).toBeCloseTo(0.04 * 2400, 6);
    expect(one?.fix.code).toBe('EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM lots WHERE lot = ?');
    expect(slowQuery(makeEvidence({ queries: [makeQuery('SELECT 1', 100, 0.009)] }))).toEqual([]);
  });
});

describe('a database where all is slow', () => {
  const slow = ['a', 'b', 'c', 'd', 'e'].map((name) => makeQuery(`SELECT ${name}`, 100, 0.03));

  it('is one recommendation, and its queries are none but the one that stands out', () => {
    const begin = makeQuery('BEGIN', 100, 0.02, { class: 'transaction' });
    const outlier = makeQuery('SELECT f', 100, 0.2);
    const evidence = makeEvidence({ queries: [...slow, begin, outlier] });
    const [one] = slowDatabase(evidence);
    expect(one?.evidence).toEqual(['BEGIN, which does nothing, takes 20 ms (p95 20 ms).']);
    expect(one?.costPerDay).toBeCloseTo((5 * 2 + 19) * 24, 6);
    expect(slowQuery(evidence).map(({ query }) => query)).toEqual(['SELECT f']);
  });

  it('is none when most are fast', () => {
    const fast = ['g', 'h', 'i', 'j', 'k', 'l'].map((name) =>
      makeQuery(`SELECT ${name}`, 100, 0.001),
    );
    expect(slowDatabase(makeEvidence({ queries: [...slow, ...fast] }))).toEqual([]);
  });
});

describe('reads without a limit', () => {
  const many = (text: string, rowsMax: number) =>
    makeEvidence({
      traces: traces({
        manyRows: [
          { text, rowsMax, method: 'GET', route: '/all', duration: 0.1, traceId: 'b'.repeat(32) },
        ],
      }),
    });

  it('are seen by the rows that they bring', () => {
    expect(unboundedRead(many('SELECT * FROM customers', 1500))).toMatchObject([
      {
        type: 'unbounded_read',
        route: 'GET /all',
        fix: { code: expect.stringContaining('LIMIT') },
      },
    ]);
  });

  it('are none with a limit, or of few rows', () => {
    expect(unboundedRead(many('SELECT * FROM customers LIMIT ?', 1500))).toEqual([]);
    expect(unboundedRead(many('SELECT * FROM customers', 40))).toEqual([]);
  });
});

describe('a route with many queries', () => {
  const busy = makeRoute('GET', '/a', 100, 0.2, {
    queriesPerRequest: 40,
    queriesMax: 60,
    queryTime: 10,
  });

  it('costs what its budget has no room for', () => {
    const [one] = chattyRoute(makeEvidence({ routes: [busy] }));
    expect(one).toMatchObject({ type: 'chatty_route', route: 'GET /a' });
    expect(one?.costPerDay).toBeCloseTo(5 * 24, 6);
  });

  it('is left to the finding that explains it', () => {
    const findings = [makeFinding('n_plus_one', { route: '/a' })];
    expect(chattyRoute(makeEvidence({ routes: [busy], findings }))).toEqual([]);
    const calm = { ...busy, queriesPerRequest: 20 };
    expect(chattyRoute(makeEvidence({ routes: [calm] }))).toEqual([]);
  });
});

describe('a pool', () => {
  const pool = {
    pool: 'main',
    used: 8,
    usedMax: 10,
    idle: 0,
    limit: 10,
    pendingMax: 4,
    waits: makeCalls({}, 100, 0.05),
  };

  it('is too small when callers wait and all is used', () => {
    const [one] = poolSize(makeEvidence({ pools: [pool] }));
    expect(one).toMatchObject({ type: 'pool_too_small', risk: 'degraded' });
    expect(one?.costPerDay).toBeCloseTo(5 * 24, 6);
    expect(one?.fix.text).toContain('try 15');
  });

  it('is too large when most of it is never used, in an hour at least', () => {
    const large = { ...pool, used: 1, usedMax: 4, limit: 50, waits: null };
    expect(poolSize(makeEvidence({ pools: [large] }))).toMatchObject([{ type: 'pool_too_large' }]);
    expect(poolSize(makeEvidence({ pools: [large], recordedMs: 60_000 }))).toEqual([]);
  });

  it('is right when nobody waits and much of it is used', () => {
    const right = { ...pool, waits: makeCalls({}, 100, 0.0001) };
    expect(poolSize(makeEvidence({ pools: [right] }))).toEqual([]);
  });

  it('is missing when connections are opened for a few queries each', () => {
    const connects = [makeCalls({ 'db.system.name': 'postgresql' }, 100, 0.01)];
    const queries = [makeQuery('SELECT 1', 300, 0.001)];
    const [one] = noPool(makeEvidence({ connects, queries }));
    expect(one).toMatchObject({ type: 'no_pool' });
    expect(one?.costPerDay).toBeCloseTo(24, 6);
    const kept = [makeQuery('SELECT 1', 3000, 0.001)];
    expect(noPool(makeEvidence({ connects, queries: kept }))).toEqual([]);
  });
});

describe('caching', () => {
  it('is advised for reads without values, which everybody asks alike', () => {
    const queries = [makeQuery('SELECT name FROM countries', 1000, 0.004)];
    const [one] = cacheReads(makeEvidence({ queries }));
    expect(one).toMatchObject({ type: 'cache_read', query: 'SELECT name FROM countries' });
    expect(one?.costPerDay).toBeCloseTo(4 * 0.9 * 24, 6);
  });

  it.each([
    'SELECT name FROM countries WHERE id = ?',
    'SELECT name FROM countries WHERE id = $1',
    'SELECT name FROM countries WHERE id = :id',
    'SELECT name FROM countries WHERE id = @P1',
    'SELECT name FROM countries WHERE id = %s',
    'SELECT name FROM countries WHERE id = %(id)s',
    'UPDATE a SET b = c',
    'SELECT now()',
  ])('is not for %s', (text) => {
    expect(cacheReads(makeEvidence({ queries: [makeQuery(text, 1000, 0.004)] }))).toEqual([]);
  });

  it.each(['SELECT code::text FROM countries', 'SELECT name FROM countries WHERE tags @> region'])(
    'is for %s, whose signs stand for no value',
    (text) => {
      const queries = [makeQuery(text, 1000, 0.004)];
      expect(cacheReads(makeEvidence({ queries }))).toHaveLength(1);
    },
  );

  it('is looked at where it finds little', () => {
    const caches = [
      { cache: 'poor', hits: 10, misses: 190 },
      { cache: 'good', hits: 190, misses: 10 },
      { cache: 'new', hits: 0, misses: 5 },
    ];
    expect(cacheReads(makeEvidence({ caches }))).toMatchObject([
      { type: 'cache_low_hits', subject: 'poor' },
    ]);
  });
});
