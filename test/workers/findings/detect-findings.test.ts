/** What the queries of one unit show, and what they do not. */
import { describe, expect, it } from 'vitest';
import { detectFindings } from '../../../src/workers/findings/detect-findings.js';
import { type Asked, atOnce, each, found, inTurn, pastLimit, unitOf } from './suspects.js';

const AUTHORS = 'SELECT id FROM author';
const BOOKS = 'SELECT title FROM book WHERE author_id = $1';

const kinds = (asked: readonly Asked[]): string[] => found(inTurn(asked)).map(({ kind }) => kind);

describe('N+1', () => {
  it('is told with its parent when that has as many rows, one after the other', () => {
    const [finding, ...others] = found(inTurn([{ sql: AUTHORS, rows: 20 }, ...each(20, BOOKS)]));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      kind: 'n_plus_one',
      query: 'SELECT title FROM book WHERE author_id = ?',
      parentQuery: 'SELECT id FROM author',
      calls: 20,
      confidence: 'high',
      totalUs: 20_000,
      wastedUs: 19_000,
    });
  });

  it('counts side by side as long as it lasted', () => {
    const runs = [
      ...inTurn([{ sql: AUTHORS, rows: 20 }]),
      ...atOnce(each(20, BOOKS, { ms: 30 }), 5),
    ];
    expect(found(runs)).toMatchObject([{ kind: 'n_plus_one', calls: 20, totalUs: 30_000 }]);
  });

  it('within another names the inner parent by the sum of its rows', () => {
    const asked = [
      { sql: AUTHORS, rows: 6 },
      ...each(6, BOOKS, { rows: 3 }),
      ...each(18, 'SELECT name FROM tag WHERE book_id = $1'),
    ];
    expect(found(inTurn(asked)).map(({ parentQuery }) => parentQuery)).toEqual([
      'SELECT id FROM author',
      'SELECT title FROM book WHERE author_id = ?',
    ]);
  });

  it('is of one statement, also where the texts of several begin alike and have no more room', () => {
    const columns = `SELECT ${'a_column, '.repeat(40)} b FROM author`;
    const asked = [
      { sql: columns, rows: 20, series: 1 },
      ...each(20, `${columns} WHERE id = $1`, { series: 2 }),
      ...each(4, `${columns} WHERE name = $1`, { series: 3 }),
    ];
    const [finding, ...others] = found(inTurn(asked));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ kind: 'n_plus_one', calls: 20, confidence: 'high' });
    expect(finding!.parentQuery).toBe(finding!.query);
  });

  it('without a parent is of medium confidence, with values nobody knows of low', () => {
    expect(found(inTurn(each(8, BOOKS)))).toMatchObject([{ confidence: 'medium' }]);
    const unknown = each(8, BOOKS, { values: undefined });
    expect(found(inTurn(unknown))).toMatchObject([{ kind: 'n_plus_one', confidence: 'low' }]);
  });

  it.each<[string, Asked[]]>([
    ['four calls', each(4, BOOKS)],
    [
      'loops over different tables',
      Array.from({ length: 12 }, (_, i) => ({
        sql: `SELECT a FROM t${i} WHERE b = $1`,
        values: '1',
      })),
    ],
    ['batches by ANY', each(8, 'SELECT a FROM t WHERE id = ANY($1)', { valueCount: 9, rows: 9 })],
    [
      'batches by IN',
      each(8, 'SELECT a FROM t WHERE id IN ($1, $2, $3)', { valueCount: 3, rows: 3 }),
    ],
    [
      'a walk along a key',
      [
        ...each(8, 'SELECT id FROM t WHERE id > $1 ORDER BY id LIMIT $2', { rows: 100 }),
        { sql: 'SELECT id FROM t WHERE id > $1 ORDER BY id LIMIT $2', values: 'last', rows: 7 },
      ],
    ],
    [
      'what takes rows from a queue',
      each(8, 'SELECT id FROM job LIMIT 1 FOR UPDATE SKIP LOCKED', { values: 'x' }),
    ],
    ['what asks no table', each(8, 'SELECT nextval($1)', { values: 'x' })],
    ['transactions', each(8, 'BEGIN').flatMap((begin) => [begin, { sql: 'COMMIT', values: 'x' }])],
    ['savepoints', each(8, 'SAVEPOINT a')],
    ['batches of rows', each(8, 'INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)', { rows: 2 })],
  ])('are not %s', (_what, asked) => {
    expect(kinds(asked)).toEqual([]);
  });

  it('by lists of one value is one', () => {
    expect(kinds(each(8, 'SELECT a FROM t WHERE id IN ($1)'))).toEqual(['n_plus_one']);
  });
});

describe('the same question again', () => {
  const ASK = { sql: 'SELECT value FROM setting WHERE name = $1', values: 'currency' };

  it('is told from the third time on', () => {
    expect(kinds([ASK, ASK])).toEqual([]);
    expect(found(inTurn([ASK, ASK, ASK]))).toMatchObject([
      { kind: 'duplicate_query', calls: 3, confidence: 'high' },
    ]);
  });

  it('is told although others are asked beside it', () => {
    const asked = [ASK, { ...ASK, values: 'vat' }, ASK, ASK];
    expect(found(inTurn(asked))).toMatchObject([
      { kind: 'duplicate_query', calls: 3, confidence: 'medium' },
    ]);
  });

  it('is told of few values that come again and again', () => {
    const asked = Array.from({ length: 20 }, (_, i) => ({ ...ASK, values: `${i % 4}` }));
    expect(found(inTurn(asked))).toMatchObject([
      { kind: 'duplicate_query', calls: 20, confidence: 'medium' },
    ]);
  });

  it('is none after a write to the table, or after an error', () => {
    const write = { sql: 'UPDATE setting SET value = $1', values: '1' };
    expect(kinds([ASK, write, ASK, write, ASK, write, ASK])).toEqual([]);
    const failed = { sql: 'UPDATE stock SET n = n - 1', values: '1', error: '40003' };
    expect(kinds([ASK, failed, ASK, failed, ASK])).toEqual([]);
    expect(kinds([ASK, { ...ASK, error: '57014' }, ASK, { ...ASK, error: '57014' }])).toEqual([]);
  });

  it('is one although another table was written to', () => {
    const write = { sql: 'UPDATE stock SET n = $1', values: '1' };
    expect(kinds([ASK, write, ASK, write, ASK])).toEqual(['duplicate_query']);
  });
});

describe('writes', () => {
  it.each([
    ['INSERT INTO line (a, b) VALUES ($1, $2)', 'single_row_writes'],
    ['REPLACE INTO line (a, b) VALUES (?, ?)', 'single_row_writes'],
    ['UPDATE line SET a = $1 WHERE id = $2', 'n_plus_one_write'],
    ['DELETE FROM line WHERE order_id = $1', 'n_plus_one_write'],
  ])('one by one are told: %s', (sql, kind) => {
    expect(kinds(each(6, sql))).toEqual([kind]);
    expect(kinds(each(4, sql))).toEqual([]);
  });
});

describe('pages', () => {
  const PAGE = 'SELECT id FROM t ORDER BY id LIMIT $1 OFFSET $2';

  it('by OFFSET, one after the other, are a loop', () => {
    const asked = [...each(6, PAGE, { rows: 50 }), { sql: PAGE, values: 'last', rows: 12 }];
    expect(kinds(asked)).toEqual(['pagination_loop']);
  });

  it('of one row each for a parent are N+1', () => {
    const first = 'SELECT id FROM t WHERE a = $1 LIMIT $2 OFFSET $3';
    expect(kinds(each(6, first, { rows: 1 }))).toEqual(['n_plus_one']);
    expect(kinds(each(6, first, { rows: 5 }))).toEqual(['n_plus_one']);
  });
});

describe('single queries', () => {
  it('are slow over the threshold, also when they fail', () => {
    const slow = { sql: 'SELECT a FROM t WHERE b = $1', values: '1', ms: 250 };
    expect(found(inTurn([slow]))).toMatchObject([
      { kind: 'slow_query', calls: 1, totalUs: 250_000, wastedUs: 150_000 },
    ]);
    expect(found(inTurn([{ ...slow, error: '57014' }]))).toMatchObject([
      { kind: 'slow_query', errorType: '57014' },
    ]);
    expect(kinds([{ ...slow, sql: 'CREATE INDEX i ON t (a)' }])).toEqual([]);
    expect(kinds([{ ...slow, sql: 'COMMIT' }])).toEqual([]);
  });

  it.each<[string, number, string[]]>([
    ['SELECT a FROM t', 1500, ['unbounded_read']],
    ['SELECT * FROM t', 1500, ['unbounded_read']],
    ['SELECT * FROM t WHERE a = $1 LIMIT 800', 800, ['wide_rows']],
    ['SELECT t.* FROM t', 700, ['wide_rows']],
    ['SELECT a FROM t LIMIT 5000', 5000, []],
    ['SELECT a FROM t FETCH FIRST 5000 ROWS ONLY', 5000, []],
    ['SELECT count(*) FROM t', 1, []],
    ['SELECT a FROM t WHERE id = ANY($1)', 2000, []],
    ['SELECT a FROM t', 999, []],
    ['UPDATE t SET a = 1', 5000, []],
  ])('of %s with %i rows show %j', (sql, rows, expected) => {
    expect(kinds([{ sql, rows, values: '1' }])).toEqual(expected);
  });

  it.each([
    ['40P01', 'deadlock'],
    ['ER_LOCK_DEADLOCK', 'deadlock'],
    ['55P03', 'lock_wait'],
    ['40001', 'lock_wait'],
    ['ER_LOCK_WAIT_TIMEOUT', 'lock_wait'],
    ['SQLITE_BUSY', 'lock_wait'],
    ['SQLITE_BUSY_SNAPSHOT', 'lock_wait'],
  ])('that fail with %s show a %s', (error, kind) => {
    const asked = { sql: 'UPDATE t SET a = $1', values: '1', error, ms: 900 };
    expect(found(inTurn([asked]))).toMatchObject([{ kind, errorType: error, wastedUs: 900_000 }]);
  });
});

describe('transactions', () => {
  const WRITE = { sql: 'UPDATE t SET a = $1', values: '1' };

  it('that wait for something else are told, with what ran before', () => {
    const asked = [{ sql: 'BEGIN' }, WRITE, { sql: 'COMMIT', afterMs: 150 }];
    expect(found(inTurn(asked))).toMatchObject([
      {
        kind: 'idle_transaction',
        query: 'BEGIN',
        parentQuery: 'UPDATE t SET a = ?',
        wastedUs: 150_000,
      },
    ]);
  });

  it('that are idle for most of a short life are told, and those that work are not', () => {
    expect(kinds([{ sql: 'START TRANSACTION' }, WRITE, { sql: 'ROLLBACK', afterMs: 30 }])).toEqual([
      'idle_transaction',
    ]);
    expect(kinds([{ sql: 'BEGIN' }, { ...WRITE, ms: 90 }, { sql: 'COMMIT', afterMs: 30 }])).toEqual(
      [],
    );
    expect(kinds([{ sql: 'BEGIN' }, WRITE, { sql: 'COMMIT', afterMs: 3 }])).toEqual([]);
  });

  it('of which two are open are not judged', () => {
    const [begin, commit] = [{ sql: 'BEGIN' }, { sql: 'COMMIT' }];
    expect(kinds([begin, begin, WRITE, { ...commit, afterMs: 500 }, commit])).toEqual([]);
  });
});

describe('a chatty request', () => {
  const many = Array.from({ length: 21 }, (_, i) => ({ sql: `SELECT a FROM t${i}` }));

  it('has more queries than it may, none of which stands out', () => {
    expect(kinds(many)).toEqual(['chatty_request']);
    expect(kinds(many.slice(1))).toEqual([]);
    expect(kinds([...many, ...each(5, BOOKS)])).toEqual(['n_plus_one']);
  });
});

describe('in production', () => {
  it('a repetition has to cost 20 ms and a tenth of the request', () => {
    const cheap = inTurn(each(19, BOOKS));
    const dear = inTurn(each(25, BOOKS));
    expect([found(cheap, true).length, found(dear, true).length]).toEqual([0, 1]);
    const long = unitOf(dear, { durationUs: 1_000_000 });
    const thresholds = { slowQueryUs: 100_000, queriesMax: 20, isProduction: true };
    expect(detectFindings(long, thresholds)).toEqual([]);
  });
});

describe('statements past the limit', () => {
  const thresholds = { slowQueryUs: 100_000, queriesMax: 20, isProduction: false };
  const without = (asked: readonly Asked[], table: string): string[] => {
    const unit = pastLimit(unitOf(inTurn(asked)), (run) => run.table === table);
    return detectFindings(unit, thresholds).map(({ kind }) => kind);
  };
  const ASK = { sql: 'SELECT value FROM setting WHERE name = $1', values: 'currency' };

  it('fill the time of a transaction', () => {
    const asked = [{ sql: 'BEGIN' }, { sql: 'SELECT a FROM long', ms: 90 }, { sql: 'COMMIT' }];
    expect(without(asked, 'long')).toEqual([]);
    expect(kinds([{ sql: 'BEGIN' }, { sql: 'COMMIT', afterMs: 90 }])).toEqual(['idle_transaction']);
  });

  it('are a reason to ask again if they may write, and none if they read', () => {
    const between = (sql: string): Asked[] => [ASK, { sql }, ASK, { sql }, ASK];
    expect(without(between('UPDATE lost SET a = 1'), 'lost')).toEqual([]);
    expect(without(between('SELECT a FROM lost'), 'lost')).toEqual(['duplicate_query']);
  });

  it('show nothing themselves, and are no parents', () => {
    expect(without(each(9, 'SELECT a FROM lost WHERE b = $1', { ms: 200 }), 'lost')).toEqual([]);
    const unit = unitOf(inTurn([{ sql: AUTHORS, rows: 20 }, ...each(20, BOOKS)]));
    expect(
      detectFindings(
        pastLimit(unit, ({ table }) => table === 'author'),
        thresholds,
      ),
    ).toMatchObject([{ kind: 'n_plus_one', parentQuery: undefined }]);
  });
});
