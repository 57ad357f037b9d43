import { describe, expect, it } from 'vitest';
import { described } from '../../src/sql/described.js';
import type { Series } from '../../src/transport/batch.js';
import { describeQuery } from '../../src/workers/describe-query.js';

const textOf = (system: string, sql: string): string => described(system, sql).text;

describe('the canonical text', () => {
  it.each([
    ['select  *\n from users where id = 17', 'SELECT * FROM users WHERE id = ?'],
    ["select * from t where a='x' and b = $1", 'SELECT * FROM t WHERE a = ? AND b = ?'],
    ['SELECT a FROM t WHERE b IN (1, -2, 3)', 'SELECT a FROM t WHERE b IN (?)'],
    ['SELECT a FROM t WHERE (b, c) IN ((1, 2), (3, 4))', 'SELECT a FROM t WHERE (b, c) IN (?)'],
    [
      "INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y'), (3, now()) RETURNING id",
      'INSERT INTO t (a, b) VALUES (?, ?) RETURNING id',
    ],
    ['SELECT a FROM t WHERE b = ANY(ARRAY[1,2])', 'SELECT a FROM t WHERE b = ANY (ARRAY[?])'],
    [
      'SELECT a FROM t WHERE b IS NOT NULL AND c = NULL',
      'SELECT a FROM t WHERE b IS NOT NULL AND c = ?',
    ],
    ["SELECT a::text, E'it\\'s', $$no$$, $x$no $$ no$x$ FROM t", 'SELECT a::text, ?, ?, ? FROM t'],
    ["SELECT '{}'::jsonb -> 'a' #>> '{b}'", 'SELECT ?::jsonb -> ? #>> ?'],
    ['SELECT 1 -- the first\n, 2 /* and /* nested */ 3 */ , 4', 'SELECT ?, ?, ?'],
    [
      "SELECT a FROM t WHERE b LIKE $1 ESCAPE '\\' AND c",
      'SELECT a FROM t WHERE b LIKE ? ESCAPE ? AND c',
    ],
    ['SELECT Name FROM Products', 'SELECT name FROM products'],
    ['SAVEPOINT sp_17', 'SAVEPOINT ?'],
    ['ROLLBACK TO SAVEPOINT sp_17', 'ROLLBACK TO SAVEPOINT ?'],
    ['SET app.user TO bob', 'SET app.user = ?'],
    ['SET SESSION AUTHORIZATION jane', 'SET session authorization ?'],
    ['SET LOCAL ROLE jane', 'SET local role ?'],
    ['LISTEN jane_42', 'LISTEN ?'],
    ["NOTIFY jane_42, 'x'", 'NOTIFY ?, ?'],
    [
      'SET LOCAL ROLE jane; SELECT 1; SET app.tenant TO acme; SELECT a FROM t',
      'SET local role ?; SELECT ?; SET app.tenant = ?; SELECT a FROM t',
    ],
    ['BEGIN; SAVEPOINT sp_17; RELEASE sp_17;', 'BEGIN; SAVEPOINT ?; RELEASE ?'],
    ["SELECT 1 /*route='%2Fa',framework='x'*/", 'SELECT ? /*framework,route*/'],
    ['SELECT a - 1, b -1 FROM t LIMIT 10;', 'SELECT a - ?, b - ? FROM t LIMIT ?'],
    ["SELECT 'never closed", 'SELECT ?'],
    ["SELECT 'a\\' or b", 'SELECT ?'],
    ['', ''],
  ])('of PostgreSQL: %s', (sql, expected) => {
    expect(textOf('postgresql', sql)).toBe(expected);
  });

  it.each([
    ['SELECT `a b` FROM `t` WHERE c = "x\\"y" # rest', 'SELECT `a b` FROM `t` WHERE c = ?'],
    ["SELECT a FROM t WHERE b = 'it\\'s' AND c = 0xFF", 'SELECT a FROM t WHERE b = ? AND c = ?'],
    ['SELECT 5--1', 'SELECT ? - ?'],
    ['SELECT @@version, @mine', 'SELECT @@version, ?'],
  ])('of MySQL: %s', (sql, expected) => {
    expect(textOf('mysql', sql)).toBe(expected);
  });

  it.each([
    [
      'SELECT "a" FROM [t] WHERE "a" = "b" AND t."c" = t."d"',
      'SELECT "a" FROM [t] WHERE "a" = ? AND t."c" = t."d"',
    ],
    ['SELECT a FROM t WHERE b IN ("x", "y")', 'SELECT a FROM t WHERE b IN (?)'],
    ['INSERT INTO "t" ("a") VALUES ("x")', 'INSERT INTO "t" ("a") VALUES (?)'],
    ['SELECT ?1, :a, @b, $c', 'SELECT ?, ?, ?, ?'],
    ['PRAGMA cipher = secret', 'PRAGMA cipher = ?'],
    [
      'SELECT a FROM t WHERE lower(a) = lower("jane@example.com")',
      'SELECT a FROM t WHERE lower(a) = lower(?)',
    ],
    ['SELECT a FROM t WHERE b IS "jane"', 'SELECT a FROM t WHERE b IS ?'],
    ['SELECT a FROM t WHERE b IS NOT "jane"', 'SELECT a FROM t WHERE b IS NOT ?'],
    [
      'SELECT a FROM t WHERE b IS DISTINCT FROM "jane doe"',
      'SELECT a FROM t WHERE b IS DISTINCT FROM ?',
    ],
    ['SELECT a FROM t WHERE instr(b, ("secret42")) > 0', 'SELECT a FROM t WHERE instr(b, (?)) > ?'],
    ['SELECT replace("a", "b", "c") FROM t', 'SELECT REPLACE (?, ?, ?) FROM t'],
    ['SELECT "jane doe" AS x, "größe"', 'SELECT ? AS x, "größe"'],
    ['SELECT "a" FROM "order items" WHERE NOT "b"', 'SELECT "a" FROM "order items" WHERE NOT "b"'],
    ['INSERT INTO main.t("a") VALUES ("x")', 'INSERT INTO main.t("a") VALUES (?)'],
    [
      'SELECT a FROM t WHERE b IN (SELECT "c" FROM u)',
      'SELECT a FROM t WHERE b IN (SELECT "c" FROM u)',
    ],
    ['SELECT sum(t."a") FILTER (WHERE "b") FROM t', 'SELECT sum(t."a") FILTER (WHERE "b") FROM t'],
  ])('of SQLite: %s', (sql, expected) => {
    expect(textOf('sqlite', sql)).toBe(expected);
  });

  it.each([
    [
      "SELECT [a b] FROM #t WHERE c = N'x' AND d = @p1",
      'SELECT [a b] FROM #t WHERE c = ? AND d = ?',
    ],
    ['EXEC dbo.find secret, 2', 'EXEC dbo.find ?'],
  ])('of SQL Server: %s', (sql, expected) => {
    expect(textOf('microsoft.sql_server', sql)).toBe(expected);
  });

  it('of a statement that failed shows no name that may have been meant as a string', () => {
    const sql = 'SELECT "a" FROM "t" WHERE t."b" = "jane" OR "c" = lower("jane doe")';
    const series = (error: string): Series => ({
      name: 'db.client.operation.duration',
      kind: 'histogram',
      unit: 's',
      scale: 1_000_000,
      attributes: [
        ['db.query.text', sql],
        ['db.system.name', 'postgresql'],
        ['error.type', error],
      ],
    });
    const shown = (error: string): string | undefined =>
      new Map(describeQuery(series(error)).attributes).get('db.query.text');
    expect(shown('')).toBe(sql);
    // It was understood.
    expect(shown('40P01')).toBe(sql);
    expect(shown('42703')).toBe('SELECT "a" FROM "t" WHERE t."b" = ? OR "c" = lower(?)');
  });

  it('of a statement of MySQL that failed shows no value that was quoted as a name', () => {
    const shown = (sql: string, isFailed: boolean): string =>
      described('mysql', sql, isFailed).text;
    const mistaken =
      'SELECT `a` FROM `t` WHERE `t`.`b` = `jane` AND lower(`c`) = lower(`jane doe`)';
    expect(shown(mistaken, true)).toBe(
      'SELECT `a` FROM `t` WHERE `t`.`b` = ? AND lower(?) = lower(?)',
    );
    expect(shown(mistaken, false)).toBe(mistaken);
    const right = 'INSERT INTO `t` (`a`, `b`) VALUES (?, ?)';
    expect(shown(right, true)).toBe(right);
    const join = 'UPDATE `t` JOIN `u` ON `u`.`id` = `t`.`id` SET `a` = ? WHERE `b` = ?';
    expect(shown(join, true)).toBe(join);
  });

  it('reads a system variable up to the name that its last dot leads to', () => {
    expect(textOf('mysql', 'SELECT @@session.sql_mode')).toBe('SELECT @@session.sql_mode');
    const once = textOf('postgresql', '@@c\n.!');
    expect(textOf('postgresql', once)).toBe(once);
    expect(textOf('postgresql', textOf('postgresql', '@@c .$/'))).toBe(
      textOf('postgresql', '@@c .$/'),
    );
  });

  it('keeps a colon and a cast apart', () => {
    const once = textOf('postgresql', ': :: 0');
    expect(textOf('postgresql', once)).toBe(once);
    expect(textOf('postgresql', textOf('postgresql', '@@c .$/'))).toBe(
      textOf('postgresql', '@@c .$/'),
    );
  });

  it('has at most 256 characters', () => {
    const sql = `SELECT ${Array.from({ length: 100 }, (_, i) => `column_${i}`).join(', ')} FROM t`;
    expect(textOf('postgresql', sql)).toMatch(/^SELECT column_0, .* …$/);
    expect(textOf('postgresql', sql).length).toBeLessThanOrEqual(256);
  });

  it('shows nothing of what is no SQL', () => {
    expect(textOf('mongodb', 'find secret')).toBe('(other)');
  });
});

describe('class, verb and table', () => {
  it.each([
    ['SELECT * FROM users WHERE id = $1', 'simple', 'SELECT', 'users'],
    ['SELECT count(*) FROM users', 'complex', 'SELECT', 'users'],
    ['SELECT * FROM "public"."a" JOIN b USING (id)', 'complex', 'SELECT', 'public.a'],
    ['SELECT * FROM a, b WHERE a.id = b.id', 'complex', 'SELECT', 'a'],
    ['SELECT * FROM a WHERE id IN (SELECT id FROM b)', 'complex', 'SELECT', 'a'],
    ['WITH x AS (SELECT 1 FROM y) SELECT * FROM x', 'complex', 'SELECT', 'y'],
    ['WITH x AS (SELECT 1) INSERT INTO z SELECT * FROM x', 'write', 'INSERT', 'z'],
    ['SELECT extract(year FROM at) FROM orders', 'simple', 'SELECT', 'orders'],
    ['SELECT a, b FROM t ORDER BY a, b FOR UPDATE', 'simple', 'SELECT', 't'],
    ['INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2', 'write', 'INSERT', 't'],
    ['UPDATE ONLY t SET a = 1', 'write', 'UPDATE', 't'],
    ['DELETE FROM t', 'write', 'DELETE', 't'],
    ['COPY t (a, b) FROM stdin', 'write', 'COPY', 't'],
    ['COPY (SELECT a FROM u) TO stdout', 'write', 'COPY', 'u'],
    ['BEGIN', 'transaction', 'BEGIN', undefined],
    ['COMMIT', 'commit', 'COMMIT', undefined],
    ['CREATE TABLE IF NOT EXISTS t (a int)', 'ddl', 'CREATE', 't'],
    ['(SELECT 1) UNION (SELECT 2)', 'complex', 'SELECT', undefined],
    ['SHOW server_version', 'other', 'SHOW', undefined],
    ['hunter2 is my password', 'other', undefined, undefined],
  ])('of %s', (sql, queryClass, verb, table) => {
    expect(described('postgresql', sql)).toMatchObject({ queryClass, verb, table });
  });
});
