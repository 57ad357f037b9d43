/** Which statements a plan is asked for: plain SELECTs, and what a write looks up; everything else is refused. */
import { describe, expect, it } from 'vitest';
import { preparedOf } from '../../../src/advisor/postgres/explain.js';
import { plannable } from '../../../src/advisor/statement/plannable.js';

function sqlOf(statement: string): string {
  const asked = plannable('postgresql', statement);
  return asked.kind === 'refused' ? `refused: ${asked.reason}` : preparedOf(asked.tokens).sql;
}

describe('a statement that is refused', () => {
  it.each([
    ["INSERT INTO t VALUES (1, 'x')", 'is no SELECT, UPDATE or DELETE'],
    ['INSERT INTO t SELECT * FROM u', 'is no SELECT, UPDATE or DELETE'],
    ['SELECT 1; DELETE FROM t', 'is more than one statement'],
    ['SELECT * FROM t; SELECT 2', 'is more than one statement'],
    ["COPY t TO PROGRAM 'rm -rf /'", 'is no SELECT, UPDATE or DELETE'],
    ['SELECT * INTO copy FROM t', 'is no plain SELECT: INTO'],
    ['WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone', 'is no plain SELECT: DELETE'],
    [
      'WITH new AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM new',
      'is no plain SELECT: INSERT',
    ],
    ["SELECT nextval('s')", 'calls nextval()'],
    ["SELECT pg_catalog.setval('s', 1)", 'calls setval()'],
    ['SELECT "nextval"(\'s\')', 'calls nextval()'],
    ['SELECT pg_sleep(10)', 'calls pg_sleep()'],
    ['SELECT * FROM t WHERE id = (SELECT pg_advisory_lock(1))', 'calls pg_advisory_lock()'],
    ["SELECT * FROM dblink('x', 'DROP TABLE t')", 'calls dblink()'],
    ["SELECT query_to_xml('DELETE FROM t', true, true, '')", 'calls query_to_xml()'],
    ['DO $$ BEGIN DELETE FROM t; END $$', 'is no SELECT, UPDATE or DELETE'],
    ['EXPLAIN ANALYZE DELETE FROM t', 'is no SELECT, UPDATE or DELETE'],
    ['TRUNCATE t', 'is no SELECT, UPDATE or DELETE'],
    ['CREATE TABLE x AS SELECT 1', 'is no SELECT, UPDATE or DELETE'],
    ['BEGIN', 'is no SELECT, UPDATE or DELETE'],
    ['', 'is no SELECT, UPDATE or DELETE'],
    [
      'SELECT id FROM orders WHERE customer_id = ? AND …',
      'was recorded without its end: it is too long',
    ],
  ])('%s', (statement, reason) => {
    expect(sqlOf(statement)).toBe(`refused: ${reason}`);
  });

  it('is refused when it is endless', () => {
    expect(sqlOf(`SELECT ${'a, '.repeat(3000)} b FROM t`)).toBe('refused: is too long');
  });

  it('is refused as MySQL writes it, too', () => {
    const refused = (sql: string) => plannable('mysql', sql);
    expect(refused('SELECT @a := 1')).toMatchObject({ reason: 'assigns a variable' });
    expect(refused('SELECT SLEEP(5)')).toMatchObject({ reason: 'calls sleep()' });
    expect(refused("SELECT 1 INTO OUTFILE '/x'")).toMatchObject({ kind: 'refused' });
    expect(refused("SELECT LOAD_FILE('/etc/passwd')")).toMatchObject({ kind: 'refused' });
  });
});

describe('a statement that is planned', () => {
  it.each([
    ["SELECT * FROM t WHERE a = 'x' AND b > 5", 'SELECT * FROM t WHERE a = $1 AND b > $2'],
    [
      'SELECT * FROM t WHERE a = $1 LIMIT $2 OFFSET $3',
      'SELECT * FROM t WHERE a = $1 LIMIT 20 OFFSET 0',
    ],
    ["SELECT now() - interval '7 days'", 'SELECT now() - CAST($1 AS interval)'],
    ["SELECT timestamp with time zone '2026-01-01'", 'SELECT CAST($1 AS timestamp with time zone)'],
    ['SELECT a, count(*) FROM t GROUP BY 1', 'SELECT a, count(*) FROM t GROUP BY 1'],
    ['SELECT * FROM t WHERE a = ANY (ARRAY[1, 2])', 'SELECT * FROM t WHERE a = ANY ($1)'],
    ['SELECT * FROM t FOR UPDATE', 'SELECT * FROM t'],
    [
      'SELECT * FROM t WHERE a = 1 FOR NO KEY UPDATE OF t SKIP LOCKED',
      'SELECT * FROM t WHERE a = $1',
    ],
    [
      'UPDATE t SET a = 1 WHERE id = (SELECT id FROM t WHERE b = 2 LIMIT 1 FOR UPDATE SKIP LOCKED)',
      'SELECT $1 FROM t WHERE id = (SELECT id FROM t WHERE b = $2 LIMIT 20)',
    ],
    ["UPDATE t AS x SET a = 'secret' WHERE x.b = 2", 'SELECT $1 FROM t AS x WHERE x.b = $2'],
    ['UPDATE t SET a = u.a FROM u WHERE u.id = t.id', 'SELECT $1 FROM t, u WHERE u.id = t.id'],
    ['DELETE FROM t WHERE a = 1 RETURNING id', 'SELECT $1 FROM t WHERE a = $2'],
    ['DELETE FROM t USING u WHERE u.id = t.id', 'SELECT $1 FROM t, u WHERE u.id = t.id'],
    ["SELECT replace(a, 'x', 'y') FROM t", 'SELECT replace(a, $1, $2) FROM t'],
    ["SELECT a -- ; DROP TABLE t\nFROM t /* ' */", 'SELECT a FROM t'],
  ])('%s', (statement, sql) => {
    expect(sqlOf(statement).toLowerCase()).toBe(sql.toLowerCase());
  });

  it('holds none of the values of the one it was made from', () => {
    const asked = plannable('postgresql', "SELECT * FROM t WHERE name = 'hunter2' AND n = 90210");
    expect(JSON.stringify(asked)).not.toMatch(/hunter2|90210/);
  });
});
