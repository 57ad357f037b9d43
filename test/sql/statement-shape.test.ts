/** What of a statement says how much it may read. */
import { describe, expect, it } from 'vitest';
import { type StatementShape, statementShape } from '../../src/sql/statement-shape.js';

const shape = (sql: string, system = 'postgresql'): StatementShape => statementShape(system, sql);

describe('the shape of a statement', () => {
  it.each<[string, Partial<StatementShape>]>([
    ['SELECT a FROM t', { isBounded: false, isStar: false, isOneRow: false, hasFrom: true }],
    ['SELECT * FROM t', { isStar: true }],
    ['SELECT t.* FROM t', { isStar: true }],
    ['SELECT a, t.* FROM t', { isStar: true }],
    ['SELECT a * 2 FROM t', { isStar: false }],
    ['SELECT count(*) FROM t', { isStar: false, isOneRow: true }],
    ['SELECT a, count(*) FROM t GROUP BY a', { isOneRow: false }],
    ['SELECT nextval($1)', { hasFrom: false, isOneRow: true }],
    ['SELECT a FROM t LIMIT 5', { isBounded: true, isPaged: false }],
    ['SELECT a FROM t LIMIT 5 OFFSET 10', { isBounded: true, isPaged: true }],
    ['SELECT a FROM t FETCH FIRST 5 ROWS ONLY', { isBounded: true }],
    ['SELECT a FROM (SELECT b FROM u LIMIT 5) v', { isBounded: false }],
    ['SELECT a FROM t WHERE b = $1', { hasEquality: true, hasRange: false, scalars: 1 }],
    ['SELECT a FROM t WHERE b > $1 LIMIT $2', { hasEquality: false, hasRange: true, scalars: 2 }],
    ['SELECT a FROM t WHERE b >= 7', { hasRange: true }],
    ['SELECT a FROM t WHERE b <> $1', { hasRange: false }],
    ['SELECT a FROM t WHERE b IN ($1, $2) AND c = $3', { hasList: true, scalars: 1 }],
    ['SELECT a FROM t WHERE b = ANY($1)', { hasList: true, scalars: 0 }],
    ['SELECT a FROM t WHERE b IN (SELECT c FROM u WHERE d = $1)', { hasList: false, scalars: 1 }],
    ['SELECT a FROM t FOR UPDATE SKIP LOCKED', { isLocking: true }],
  ])('%s', (sql, expected) => {
    expect(shape(sql)).toMatchObject(expected);
  });

  it('knows the two numbers of MySQL and the TOP of SQL Server', () => {
    expect(shape('SELECT a FROM t LIMIT ?, ?', 'mysql').isPaged).toBe(true);
    expect(shape('SELECT TOP 5 a FROM t', 'microsoft.sql_server').isBounded).toBe(true);
  });

  it('of a beginning does not claim that there is no bound', () => {
    const sql = 'SELECT * FROM t WHERE b = $1';
    expect(statementShape('postgresql', sql, false)).toEqual({ ...shape(sql), isBounded: true });
  });

  it('of what is no SQL claims nothing', () => {
    expect(shape('find users', 'mongodb')).toMatchObject({ isBounded: true, isStar: false });
  });
});
