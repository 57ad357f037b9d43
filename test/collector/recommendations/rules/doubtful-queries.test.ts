/** What rules do not say of queries: that are meant so, or of which only the beginning is known. */
import { describe, expect, it } from 'vitest';
import type { Repeated } from '../../../../src/collector/recommendations/evidence/trace-patterns.js';
import { bulkWrites } from '../../../../src/collector/recommendations/rules/bulk-writes.js';
import { cacheReads } from '../../../../src/collector/recommendations/rules/cache-reads.js';
import { nPlusOne } from '../../../../src/collector/recommendations/rules/n-plus-one.js';
import { noPool } from '../../../../src/collector/recommendations/rules/no-pool.js';
import { poolSize } from '../../../../src/collector/recommendations/rules/pool-size.js';
import { slowQuery } from '../../../../src/collector/recommendations/rules/slow-query.js';
import { unboundedRead } from '../../../../src/collector/recommendations/rules/unbounded-read.js';
import { makeCalls, makeEvidence, makeFinding, makeQuery } from '../make-evidence.js';

const COLUMNS = 'a_column, '.repeat(22);
const PLACE = { method: 'GET', route: '/orders', traceId: 'a'.repeat(32) };

describe('a statement that traces repeat', () => {
  const repeating = (call: string) => {
    const counts = { kind: 'query', traces: 3, mean: 11, max: 11, meanTime: 0.002 } as const;
    const repeated: readonly Repeated[] = [{ ...PLACE, ...counts, call }];
    return makeEvidence({ traces: { ...makeEvidence().traces, repeated } });
  };

  it.each([
    'SELECT a FROM b WHERE c IN (?)',
    'SELECT a FROM b WHERE c = ANY (?)',
    'SELECT a FROM b ORDER BY c LIMIT ? FOR UPDATE SKIP LOCKED',
  ])('is no N+1 when it asks for several at once: %s', (call) => {
    expect(nPlusOne(repeating(call))).toEqual([]);
  });

  it('is no N+1 when it asks the same again, which is a finding of its own', () => {
    const query = `SELECT ${COLUMNS} b FROM c`;
    const evidence = repeating(query.slice(0, 200));
    expect(nPlusOne(evidence)).toHaveLength(1);
    const findings = [makeFinding('duplicate_query', { query })];
    expect(nPlusOne({ ...evidence, findings })).toEqual([]);
    const elsewhere = [makeFinding('duplicate_query', { query, route: '/other' })];
    expect(nPlusOne({ ...evidence, findings: elsewhere })).toHaveLength(1);
  });
});

describe('a statement of which the beginning is known', () => {
  const whole = `SELECT ${COLUMNS} b FROM customers`;

  it('may have a limit', () => {
    const text = whole.slice(0, 200);
    const manyRows = [{ ...PLACE, text, rowsMax: 1500, duration: 0.1 }];
    const traces = { ...makeEvidence().traces, manyRows };
    const of = (...texts: string[]) => {
      const queries = texts.map((one) => makeQuery(one, 9, 0.1));
      return unboundedRead(makeEvidence({ traces, queries }));
    };
    expect(of()).toEqual([]);
    expect(of(`${whole} LIMIT ?`)).toEqual([]);
    expect(of(`${text} …`)).toEqual([]);
    expect(of(whole)).toHaveLength(1);
    expect(of(whole, `${whole} LIMIT ?`)).toEqual([]);
  });

  it('may have values, so that its answers are not those of everybody', () => {
    const shared = (text: string) =>
      cacheReads(makeEvidence({ queries: [makeQuery(text, 1000, 0.004)] }));
    expect(shared(whole)).toHaveLength(1);
    expect(shared(`${whole} JOIN regions ON regions.id = …`)).toEqual([]);
  });
});

it('a slow write is asked for its plan without being executed', () => {
  const queries = [makeQuery('DELETE FROM lots WHERE lot = ?', 100, 0.2, { class: 'write' })];
  const [one] = slowQuery(makeEvidence({ queries }));
  expect(one?.fix.code).toBe('EXPLAIN DELETE FROM lots WHERE lot = ?');
});

it('a pool without a limit is never too small: who waits waits for a connection to be opened', () => {
  const waits = makeCalls({}, 100, 0.05);
  const counts = { used: 8, usedMax: 10, idle: 0, pendingMax: 4, waits };
  const of = (limit: number) =>
    poolSize(makeEvidence({ pools: [{ pool: 'main', ...counts, limit }] }));
  expect(of(10)).toHaveLength(1);
  expect(of(0)).toEqual([]);
});

it('a pool that is missing is made in the words of the driver', () => {
  const codeOf = (system: string) => {
    const connects = [makeCalls({ 'db.system.name': system }, 100, 0.01)];
    return noPool(makeEvidence({ connects }))[0]?.fix.code;
  };
  expect(codeOf('postgresql')).toContain('new pg.Pool(');
  expect(codeOf('mysql')).toContain('mysql.createPool(');
  expect(codeOf('other')).toBe(null);
});

it.each([
  ['single_row_writes', 'postgresql', 'INSERT INTO a (b) VALUES (?)', /^INSERT .*unnest/],
  ['single_row_writes', 'mysql', 'INSERT INTO a (b) VALUES (?)', /^INSERT .*VALUES \(…\), \(…\)/],
  ['n_plus_one_write', 'postgresql', 'UPDATE a SET b = ? WHERE c = ?', /^UPDATE .*FROM \(VALUES/],
  ['n_plus_one_write', 'sqlite', 'UPDATE a SET b = ? WHERE c = ?', /^UPDATE .*CASE id/],
  ['n_plus_one_write', 'mysql', 'DELETE FROM a WHERE b = ?', /^DELETE .*IN \(…\)/],
])(
  'writes of one row each (%s, %s) become one of their own kind: %s',
  (kind, system, query, code) => {
    const [one] = bulkWrites(makeEvidence({ findings: [makeFinding(kind, { system, query })] }));
    expect(one?.fix.code).toMatch(code);
  },
);
