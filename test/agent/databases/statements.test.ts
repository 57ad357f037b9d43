/** The tables of statements on the app thread: what is the same, what is bounded, what is past a limit. */
import { describe, expect, it } from 'vitest';
import { statementHash } from '../../../src/agent/databases/statement-hash.js';
import { kindOf } from '../../../src/agent/databases/statement-kind.js';
import { Statements } from '../../../src/agent/databases/statements.js';
import { Recorder } from '../../../src/agent/recorder.js';
import { RingWriter } from '../../../src/agent/ring-writer.js';
import { CONTROL_BYTES } from '../../../src/shared/control-layout.js';
import { STATEMENT_BYTES } from '../../../src/shared/ring-layout.js';
import { described } from '../../../src/sql/described.js';
import { DrainJournal } from '../../../src/workers/drain-journal.js';
import { RingTable } from '../../../src/workers/ring-table.js';
import { Window } from '../../../src/workers/window.js';

const literals = new Int32Array(2);
const hash = (sql: string, isMysql = false): number => statementHash(sql, isMysql, 4096, literals);
/** Of what the hash passes over. */
const literalsOf = (sql: string): number => {
  hash(sql);
  return literals[0]!;
};

describe('the hash of a statement', () => {
  it.each([
    ["SELECT * FROM t WHERE a = 'x' AND b = 17", "SELECT *  FROM t\nWHERE a = 'it''s' AND b = 4.5"],
    ['SELECT a FROM t WHERE b IN (1, 2, 3)', 'SELECT a FROM t WHERE b IN (7)'],
    ['INSERT INTO t VALUES ($1, $2), ($3, $4)', 'INSERT INTO t VALUES ($1, $2)'],
    ['SELECT 1 /* trace 17 */', 'SELECT 2 -- trace 18'],
    ["SELECT E'a\\'b', $$x$$, $t$y$t$", "SELECT E'', $$$$, $u$$$$u$"],
  ])('passes over what differs from call to call: %s', (one, other) => {
    expect(hash(one)).toBe(hash(other));
  });

  it('passes over strings of MySQL', () => {
    expect(hash('SELECT "a\\"b" # x', true)).toBe(hash("SELECT 'c'", true));
  });

  it.each([
    ['SELECT a FROM t1', 'SELECT a FROM t2'],
    ['SELECT a b FROM t', 'SELECT ab FROM t'],
    ['SELECT a FROM t WHERE b = 1', 'SELECT a FROM t WHERE b > 1'],
    ['SELECT "a" FROM t', 'SELECT "b" FROM t'],
  ])('tells statements apart: %s', (one, other) => {
    expect(hash(one)).not.toBe(hash(other));
  });

  it('tells apart what it passes over, but for comments', () => {
    const one = literalsOf('SELECT a FROM t WHERE b = 17');
    expect(literalsOf('SELECT  a FROM t WHERE b = 17 /* trace 1 */')).toBe(one);
    expect(literalsOf('SELECT a FROM t WHERE b = 18')).not.toBe(one);
    expect(literalsOf("SELECT a FROM t WHERE b = '17'")).not.toBe(one);
  });

  it('counts the values that are written in it, and no parameters', () => {
    const countOf = (sql: string, isMysql = false): number => {
      hash(sql, isMysql);
      return literals[1]!;
    };
    expect(countOf('SELECT a FROM t WHERE b IN (1, 2, 3) AND c = $1 AND d = ?')).toBe(3);
    expect(countOf("SELECT a FROM t1 WHERE b = 'it''s' AND c = $$x$$ AND d = 4.5")).toBe(3);
    expect(countOf('SELECT `a` FROM t WHERE b = "x" AND c = 7 # 8', true)).toBe(2);
    expect(countOf('SELECT a FROM t')).toBe(0);
  });

  it('is a whole number that is exact, also of what is never closed', () => {
    for (const sql of ["'", '"', '$a$', '/*', '--', '', 'x'.repeat(10_000), '$', '\0\uffff']) {
      expect(Number.isSafeInteger(hash(sql))).toBe(true);
      expect(Number.isSafeInteger(hash(sql, true))).toBe(true);
    }
  });
});

describe('the kind that the app thread sees', () => {
  it.each([
    ['  /* x */ -- y\n (SELECT 1)', 'SELECT', 'simple', undefined],
    ['select count(*) from t', 'SELECT', 'complex', undefined],
    ['WITH a AS (SELECT 1) INSERT INTO t SELECT 1', 'WITH', 'write', undefined],
    ['begin', 'BEGIN', 'transaction', 'begin'],
    ['START TRANSACTION READ ONLY;', 'START', 'transaction', 'begin'],
    ['COMMIT', 'COMMIT', 'commit', 'commit'],
    ['ROLLBACK', 'ROLLBACK', 'transaction', 'rollback'],
    ['ROLLBACK TO SAVEPOINT a', 'ROLLBACK', 'transaction', undefined],
    ['BEGIN; DELETE FROM t; COMMIT', 'BEGIN', 'transaction', undefined],
    ["BEGIN; SET LOCAL app.tenant = '7'", 'BEGIN', 'transaction', 'begin'],
    [`BEGIN; ${'SELECT 1; '.repeat(200)}`, 'BEGIN', 'transaction', undefined],
    ['UPDATE t SET a = 1; COMMIT', 'UPDATE', 'write', undefined],
    ['LISTEN orders', undefined, 'other', 'listen'],
    ['UNLISTEN orders', undefined, 'other', undefined],
    ['hunter2 is a secret', undefined, 'other', undefined],
  ])('of %s', (sql, verb, queryClass, step) => {
    expect(kindOf(sql)).toEqual({ verb, queryClass, step });
  });

  it.each([
    ['blanks', ' '.repeat(1000)],
    ['comments whose end is past what is looked at', '    -- of the import\n'.repeat(100)],
    ['a comment of MySQL after an indentation', `${' '.repeat(200)}# SELECT 1`],
  ])('of %s alone is other, at once', (_, sql) => {
    expect(kindOf(sql)).toEqual({ verb: undefined, queryClass: 'other', step: undefined });
  });

  it('is what the worker finds, for what both know', () => {
    const sqls = ['SELECT 1', 'DELETE FROM t', 'COMMIT', 'DROP TABLE t', 'SELECT a FROM b JOIN c'];
    for (const sql of sqls) {
      const { verb, queryClass } = described('postgresql', sql);
      expect(kindOf(sql)).toMatchObject({ verb, queryClass });
    }
  });
});

function makeStatements(roomBytes = STATEMENT_BYTES) {
  const ring = new RingWriter(1024 * 1024, 2000, 0);
  const recorder = new Recorder(ring, 2000, () => {});
  const window = new Window({ digits: 2, seriesMax: 2000 });
  const journal = new DrainJournal(new SharedArrayBuffer(CONTROL_BYTES));
  const rings = new RingTable((series) => window.cell(series), journal);
  rings.attach({ ring: ring.buffer, slot: 0 });
  return { recorder, rings, statements: new Statements(recorder, 'postgresql', roomBytes) };
}

describe('the series of statements', () => {
  it('is one for texts that differ in values, and its text has none of them', () => {
    const { statements, rings } = makeStatements();
    const ids = new Set<number>();
    for (let i = 0; i < 5000; i++) ids.add(statements.of(`SELECT '${i}x' FROM t`).series);
    expect([...ids]).toHaveLength(1);
    expect(Object.fromEntries(rings.series(0, [...ids][0]!)!.attributes)).toEqual({
      'db.system.name': 'postgresql',
      'db.query.text': 'SELECT ? FROM t',
      'db.operation.name': 'SELECT',
      'db.collection.name': 't',
      'tachograph.db.query.class': 'simple',
    });
  });

  it('past the limit is one by verb and class, so that budgets stay right', () => {
    const { statements, rings } = makeStatements();
    const ids = new Set<number>();
    for (let i = 0; i < 5000; i++) ids.add(statements.of(`DELETE FROM table_${i}`).series);
    expect(ids.size).toBeLessThanOrEqual(501);
    const last = statements.of('DELETE FROM one_more').series;
    expect(Object.fromEntries(rings.series(0, last)!.attributes)).toEqual({
      'db.system.name': 'postgresql',
      'db.query.text': '(other)',
      'db.operation.name': 'DELETE',
      'tachograph.db.query.class': 'write',
    });
  });

  it('are told apart by their values only where all of the text was looked at', () => {
    const { statements } = makeStatements();
    const long = (last: number): string =>
      `SELECT ${'a_column, '.repeat(500)} 1 FROM t WHERE id = ${last}`;
    expect([statements.of(long(1)).literals, statements.of(long(2)).literals]).toEqual([
      undefined,
      undefined,
    ]);
    expect(statements.of('SELECT 1').literals).not.toBe(statements.of('SELECT 2').literals);
  });

  it('takes no more of the ring than its room, however long the statements are', () => {
    const { statements, rings } = makeStatements(20_000);
    const long = (i: number): string => `SELECT ${`a_${i}, `.repeat(2000)} 1 FROM t`;
    const ids = Array.from({ length: 100 }, (_, i) => statements.of(long(i)).series);
    const texts = ids.map((id) => new Map(rings.series(0, id)!.attributes).get('db.query.text'));
    const own = texts.filter((text) => text !== '(other)');
    expect(own.length).toBeGreaterThan(0);
    expect(own.length).toBeLessThanOrEqual(5);
  });

  it('of one that fails is its own, by error', () => {
    const { statements, rings } = makeStatements();
    const sql = 'SELECT 1';
    const statement = statements.of(sql);
    const failed = statements.failed(statement, sql, '22012');
    expect(failed).not.toBe(statement.series);
    expect(statements.failed(statement, sql, '22012')).toBe(failed);
    const attributes = new Map(rings.series(0, failed)!.attributes);
    expect(attributes.get('error.type')).toBe('22012');
    expect(attributes.get('db.query.text')).toBe('SELECT ?');
  });
});
