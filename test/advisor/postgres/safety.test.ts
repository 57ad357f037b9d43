/** The advisor cannot write, holds no lock, runs not for long, and stops when it has no right: on a real PostgreSQL. */
import { describe, expect, it } from 'vitest';
import { advise } from '../../../src/advisor/advise.js';
import { AdvisorError } from '../../../src/advisor/advisor-error.js';
import { optionsOf } from '../options-of.js';
import { victim } from './victim.js';

const database = victim();
const GOOD = 'SELECT id FROM big WHERE ref = 4711';

const DANGEROUS = [
  "INSERT INTO witness VALUES ('x')",
  "WITH x AS (INSERT INTO witness VALUES ('x') RETURNING *) SELECT * FROM x",
  'WITH gone AS (DELETE FROM big RETURNING *) SELECT count(*) FROM gone',
  "SELECT 1; INSERT INTO witness VALUES ('x')",
  "SELECT nextval('counted')",
  'SELECT inner_write()',
  'SELECT id FROM big WHERE inner_write() = 1',
  'SELECT id FROM big WHERE ref = folded()',
  'SELECT * FROM big FOR UPDATE',
  'SELECT id FROM big WHERE id = 1 FOR NO KEY UPDATE',
  'SELECT pg_sleep(60)',
  'SELECT id FROM big, LATERAL (SELECT pg_sleep(60)) AS s',
  'SELECT pg_advisory_lock(1)',
  "COPY witness FROM PROGRAM 'echo x'",
  'UPDATE big SET ref = inner_write() WHERE id = 4',
  'DELETE FROM big WHERE id = 4',
  'SELECT * INTO copied FROM big',
  'CREATE INDEX ON big (ref)',
  'TRUNCATE witness',
];

const state = async () => {
  const [row] = await database.query(`SELECT (SELECT count(*) FROM witness) AS witness,
    (SELECT count(*) FROM big) AS big, (SELECT is_called FROM counted) AS counted,
    (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace) AS relations`);
  return row;
};

describe('a statement with effects', () => {
  it('has none, even where the role may do everything', async () => {
    const before = await state();
    const report = await advise(database.ownerDsn, optionsOf(DANGEROUS));
    expect(await state()).toEqual(before);
    // Those that are not refused are planned as what they look up.
    expect(report.plans.map(({ text }) => text).sort()).toEqual([
      'DELETE FROM big WHERE id = ?',
      'SELECT * FROM big FOR UPDATE',
      'SELECT id FROM big WHERE id = ? FOR no key UPDATE',
      'SELECT id FROM big WHERE inner_write() = ?',
      'SELECT inner_write()',
      'UPDATE big SET ref = inner_write() WHERE id = ?',
    ]);
    const folded = report.skipped.find(({ text }) => text.includes('folded'));
    expect(folded?.reason).toBe('would write while it is planned');
    expect(report.plans.length + report.skipped.length).toBe(DANGEROUS.length);
  });

  it('is seen to have effects when somebody executes it', async () => {
    await database.query('BEGIN');
    await database.query('SELECT id FROM big WHERE ref = folded()');
    const [row] = await database.query('SELECT count(*) AS count FROM witness');
    await database.query('ROLLBACK');
    expect(Number(row?.count)).toBeGreaterThan(0);
  });
});

describe('while it looks', () => {
  it('has one connection, in a transaction that only reads, and locks that stop nobody', async () => {
    const seen: unknown[] = [];
    const pace = async () => {
      seen.push(
        ...(await database.query(
          `SELECT a.pid, l.mode, l.locktype FROM pg_stat_activity a LEFT JOIN pg_locks l ON l.pid = a.pid
          AND l.locktype NOT IN ('virtualxid') WHERE a.application_name = 'tachograph-advisor'`,
        )),
      );
    };
    await advise(database.dsn, optionsOf([GOOD, 'SELECT id FROM big WHERE name = $1'], { pace }));
    const rows = seen as { pid: number; mode: string | null; locktype: string | null }[];
    expect(rows.length).toBeGreaterThan(2);
    expect(new Set(rows.map(({ pid }) => pid)).size).toBe(1);
    expect([...new Set(rows.map(({ mode }) => mode ?? 'AccessShareLock'))]).toEqual([
      'AccessShareLock',
    ]);
  });

  it('leaves nothing behind: no connection, no lock, no index', async () => {
    await advise(database.dsn, optionsOf([GOOD]));
    await expect
      .poll(
        () =>
          database.query(
            "SELECT 1 FROM pg_stat_activity WHERE application_name = 'tachograph-advisor'",
          ),
        { timeout: 20_000 },
      )
      .toEqual([]);
    const indexes = await database.query("SELECT 1 FROM pg_indexes WHERE tablename = 'big'");
    expect(indexes).toHaveLength(1);
  });

  it('does not wait for a lock that somebody holds', async () => {
    await database.query('BEGIN');
    await database.query('LOCK TABLE big IN ACCESS EXCLUSIVE MODE');
    const report = await advise(database.dsn, optionsOf([GOOD]));
    await database.query('ROLLBACK');
    expect(report.skipped).toMatchObject([{ reason: 'has a table that somebody holds a lock on' }]);
  });

  it('gives up a statement that takes long to plan, and goes on', async () => {
    const slow = 'SELECT id FROM big WHERE ref = slow()';
    const report = await advise(database.dsn, optionsOf([slow, GOOD]));
    expect(report.skipped).toMatchObject([{ reason: 'took more than a second to plan' }]);
    expect(report.plans).toHaveLength(1);
  });
});

describe('a role', () => {
  it('needs SELECT alone, and HypoPG where it shall be sure', async () => {
    const { advice, method, notes } = await advise(database.dsn, optionsOf([GOOD]));
    expect(method).toBe(database.hasHypopg ? 'hypothetical' : 'estimated');
    expect(advice).toMatchObject([
      { kind: 'missing_index', table: 'big', ddl: 'CREATE INDEX CONCURRENTLY ON big (ref);' },
    ]);
    expect(notes.join()).not.toMatch(/superuser|may write/);
  });

  it('with more rights is told so', async () => {
    const { notes } = await advise(database.ownerDsn, optionsOf([GOOD]));
    expect(notes.join()).toContain('the role is a superuser');
  });

  it('that loses its rights is told so, and nothing more is asked', async () => {
    let plans = 0;
    const pace = async () => {
      plans += 1;
      if (plans === 1) await database.query(`REVOKE SELECT ON big FROM ${database.role}`);
    };
    const statements = Array.from({ length: 10 }, (_, i) => `SELECT id AS c${i} FROM big`);
    try {
      const looked = advise(database.dsn, optionsOf(statements, { pace }));
      await expect(looked).rejects.toThrow(/may not read the tables/);
      expect(plans).toBe(3);
    } finally {
      await database.query(`GRANT SELECT ON big TO ${database.role}`);
    }
  });
});

describe('a server', () => {
  it('that ends the connection meanwhile is told of', async () => {
    const pace = async () => {
      await database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tachograph-advisor'",
      );
    };
    const looked = advise(database.dsn, optionsOf([GOOD], { pace }));
    await expect(looked).rejects.toThrow(AdvisorError);
    await expect(looked).rejects.toThrow(/ended the connection, or does not answer/);
  });

  it('that is not there is told of', async () => {
    const nowhere = new URL(database.dsn);
    nowhere.port = '1';
    await expect(advise(nowhere.href, optionsOf([GOOD]))).rejects.toThrow(/lets the advisor in/);
  });
});

it('no value of a statement is in what it says', async () => {
  const statements = [
    "SELECT id FROM big WHERE name = 'hunter2'",
    "SELECT id FROM big WHERE lower(name) = 'hunter2' AND ref <> 90210",
    "SELECT id FROM nowhere WHERE name = 'hunter2'",
    "SELECT 'hunter2'::int FROM big WHERE ref = 90210",
  ];
  const report = await advise(database.dsn, optionsOf(statements));
  expect(JSON.stringify(report)).not.toMatch(/hunter2|90210/);
  expect(report.plans.length).toBeGreaterThan(1);
});
