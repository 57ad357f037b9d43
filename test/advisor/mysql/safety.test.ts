/** The advisor on a real MariaDB: it cannot write, waits for nobody for long, and stops when it has no right. */
import mysql, { type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from '../../../scripts/services.js';
import { advise } from '../../../src/advisor/advise.js';
import { optionsOf } from '../options-of.js';

const NAME = `advised_${process.pid}`;
const GOOD = 'SELECT id FROM big WHERE ref = 4711';
const DANGEROUS = [
  "INSERT INTO witness VALUES ('x')",
  "SELECT 1; INSERT INTO witness VALUES ('x')",
  "SELECT id FROM big WHERE ref = 1 /*! INTO OUTFILE '/tmp/x' */",
  "SELECT * FROM big INTO OUTFILE '/tmp/x'",
  'SELECT * FROM big WHERE id = 4 FOR UPDATE',
  'SELECT * FROM big WHERE id = 4 LOCK IN SHARE MODE',
  'SELECT writes()',
  'SELECT id FROM big WHERE ref = writes()',
  'SELECT id FROM big WHERE id = writes()',
  'SELECT @a := 1',
  'SELECT SLEEP(60)',
  "SELECT GET_LOCK('x', 60)",
  'UPDATE big SET ref = writes() WHERE id = 4',
  'DELETE FROM big WHERE id = 4',
  'DROP TABLE big',
];
/** The service may have to be installed. */
const START_MS_MAX = 300_000;

let owner: Connection;
let dsn = '';
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  const service = await startService('mariadb');
  stop = service.stop;
  owner = await mysql.createConnection(service.url);
  for (const sql of [
    `CREATE DATABASE ${NAME}`,
    `USE ${NAME}`,
    'CREATE TABLE big (id INT PRIMARY KEY, ref INT, Kind INT, name VARCHAR(40), note TEXT, path VARCHAR(1000) CHARACTER SET utf8mb4, KEY name_key (name), KEY name_two (name, ref))',
    "INSERT INTO big SELECT seq, (seq * 7919) % 5003, seq % 3, CONCAT('n', seq), CONCAT('t', seq), CONCAT('p', seq) FROM seq_1_to_20000",
    'CREATE TABLE witness (what VARCHAR(10))',
    "CREATE FUNCTION writes() RETURNS INT BEGIN INSERT INTO witness VALUES ('written'); RETURN 1; END",
    'ANALYZE TABLE big',
    `CREATE USER '${NAME}'@'127.0.0.1'`,
    `GRANT SELECT ON ${NAME}.big TO '${NAME}'@'127.0.0.1'`,
    `GRANT SELECT ON ${NAME}.witness TO '${NAME}'@'127.0.0.1'`,
    `GRANT EXECUTE ON FUNCTION ${NAME}.writes TO '${NAME}'@'127.0.0.1'`,
  ]) {
    await owner.query(sql);
  }
  const url = new URL(service.url);
  [url.username, url.password, url.pathname] = [NAME, '', `/${NAME}`];
  dsn = url.href;
}, START_MS_MAX);
afterAll(async () => {
  await owner.query(`DROP DATABASE ${NAME}`);
  await owner.query(`DROP USER '${NAME}'@'127.0.0.1'`);
  await owner.end();
  await stop();
});

const count = async (table: string) => {
  const [rows] = await owner.query(`SELECT COUNT(*) AS count FROM ${table}`);
  return (rows as { count: number }[])[0]?.count;
};

describe('on MariaDB', () => {
  it('a statement with effects has none', async () => {
    const report = await advise(dsn, optionsOf(DANGEROUS));
    expect(await count('witness')).toBe(0);
    expect(await count('big')).toBe(20_000);
    expect(report.plans.length + report.skipped.length).toBe(DANGEROUS.length);
    const planned = report.plans.map(({ text }) => text);
    expect(planned).toContain('DELETE FROM big WHERE id = ?');
    expect(planned.join()).not.toMatch(/INSERT|SLEEP|OUTFILE|DROP/i);
  });

  it('a user with SELECT alone is enough, names are the same in any case, and a duplicate is seen', async () => {
    const statements = [
      GOOD,
      'SELECT `ID` FROM Big WHERE kind = 1',
      'SELECT b.id FROM big b WHERE b.KIND = 2',
    ];
    const report = await advise(dsn, optionsOf(statements));
    expect(report.system).toBe('mariadb');
    expect(report.advice.map(({ kind, ddl, confidence }) => [kind, ddl, confidence])).toEqual([
      ['missing_index', 'CREATE INDEX big_ref_idx ON big (ref);', 'medium'],
      ['duplicate_index', 'DROP INDEX name_key ON big;', 'high'],
    ]);
  });

  it('no index is advised that the server would refuse: of a text, or of more than a key may hold', async () => {
    const statements = [
      "SELECT id FROM big WHERE note = 't5'",
      "SELECT id FROM big WHERE path = 'p5'",
      "SELECT id FROM big WHERE note = 't5' AND ref = 5",
    ];
    const { advice, plans } = await advise(dsn, optionsOf(statements));
    expect(plans).toHaveLength(3);
    expect(advice.filter(({ kind }) => kind === 'missing_index').map(({ ddl }) => ddl)).toEqual([
      'CREATE INDEX big_ref_idx ON big (ref);',
    ]);
  });

  it('it waits a second for a lock, and goes on', async () => {
    await owner.query('LOCK TABLES big WRITE, witness WRITE');
    try {
      const report = await advise(dsn, optionsOf([GOOD]));
      expect(report.skipped).toMatchObject([
        { reason: 'took more than a second to plan, or waited as long for a lock' },
      ]);
    } finally {
      await owner.query('UNLOCK TABLES');
    }
  });

  it('a user that loses its rights is told so, and nothing more is asked', async () => {
    let plans = 0;
    const pace = async () => {
      plans += 1;
      if (plans === 1) await owner.query(`REVOKE SELECT ON ${NAME}.big FROM '${NAME}'@'127.0.0.1'`);
    };
    const statements = Array.from({ length: 10 }, (_, i) => `SELECT id AS c${i} FROM big`);
    try {
      const looked = advise(dsn, optionsOf(statements, { pace }));
      await expect(looked).rejects.toThrow(/may not read the tables/);
      expect(plans).toBe(3);
    } finally {
      await owner.query(`GRANT SELECT ON ${NAME}.big TO '${NAME}'@'127.0.0.1'`);
    }
  });

  it('a connection that is ended meanwhile is told of', async () => {
    const pace = async () => {
      const [rows] = await owner.query(
        `SELECT id FROM information_schema.processlist WHERE user = '${NAME}'`,
      );
      const ids = (rows as { id: number }[]).map(({ id }) => id);
      expect(ids).toHaveLength(1);
      await owner.query(`KILL ${ids[0]}`);
    };
    const looked = advise(dsn, optionsOf([GOOD], { pace }));
    await expect(looked).rejects.toThrow(/ended the connection, or does not answer/);
  });

  it('a server that is not there is told of', async () => {
    const nowhere = new URL(dsn);
    nowhere.port = '1';
    await expect(advise(nowhere.href, optionsOf([GOOD]))).rejects.toThrow(/lets the advisor in/);
  });

  it('no value of a statement is in what it says', async () => {
    const statements = [
      "SELECT id FROM big WHERE name = 'hunter2' AND ref <> 90210",
      "SELECT 'hunter2' FROM gone",
    ];
    const report = await advise(dsn, optionsOf(statements));
    expect(JSON.stringify(report)).not.toMatch(/hunter2|90210/);
  });
});
