/**
 * The three databases of the check, each behind the same face: seeded, asked for the cost and time of a
 * statement, given an index and rid of it. Statements that write are rolled back.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService } from '../../scripts/services.js';
import { DIALECTS, seedStatements, TABLES } from './shop.js';

const RUNS = 3;

/** @param rows of the smallest of the large tables */
export const DATABASES = {
  async postgres(rows) {
    const { default: pg } = await import('pg');
    const service = await startService('postgres');
    const name = `advice_${process.pid}`;
    await once(pg, service.url, `CREATE DATABASE ${name}`);
    const url = new URL(service.url);
    url.pathname = `/${name}`;
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => {});
    await client.connect();
    const run = async (sql) => (await client.query(sql)).rows;
    for (const sql of seedStatements(DIALECTS.postgres, rows)) await run(sql);
    await run('ANALYZE');
    const hasTrials = await run('CREATE EXTENSION hypopg').then(
      () => true,
      () => false,
    );
    await run(`CREATE ROLE ${name} LOGIN`);
    await run(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${name}`);
    const dsn = new URL(url);
    [dsn.username, dsn.password] = [name, ''];
    return {
      dsn: dsn.href,
      hasTrials,
      measure: (sql) =>
        rolledBack(run, async () => ({ ms: await timeOf(run, sql), cost: await costIn(run, sql) })),
      async create(ddl) {
        await run(ddl);
        const [made] = await run(
          'SELECT indexrelid::regclass::text AS name FROM pg_index ORDER BY indexrelid DESC LIMIT 1',
        );
        return () => run(`DROP INDEX ${made.name}`);
      },
      async close() {
        await client.end();
        await once(pg, service.url, `DROP DATABASE ${name}`, `DROP ROLE ${name}`).catch(() => {});
        await service.stop();
      },
    };
  },

  async mariadb(rows) {
    const { default: mysql } = await import('mysql2/promise');
    const service = await startService('mariadb');
    const name = `advice_${process.pid}`;
    const root = await mysql.createConnection(service.url);
    await root.query(`CREATE DATABASE ${name}`);
    await root.query(`CREATE USER '${name}'@'127.0.0.1'`);
    await root.query(`GRANT SELECT ON ${name}.* TO '${name}'@'127.0.0.1'`);
    await root.query(`USE ${name}`);
    const run = async (sql) => (await root.query(sql))[0];
    for (const sql of seedStatements(DIALECTS.mariadb, rows)) await run(sql);
    await run(`ANALYZE TABLE ${TABLES.map(([table]) => table)}`);
    const dsn = new URL(service.url);
    [dsn.username, dsn.password, dsn.pathname] = [name, '', `/${name}`];
    return {
      dsn: dsn.href,
      hasTrials: false,
      measure: (sql) => rolledBack(run, async () => ({ ms: await timeOf(run, sql), cost: null })),
      async create(ddl) {
        await run(ddl);
        const [, index, table] = /^CREATE INDEX (\S+) ON (\S+)/.exec(ddl);
        return () => run(`DROP INDEX ${index} ON ${table}`);
      },
      async close() {
        await run(`DROP DATABASE ${name}`);
        await run(`DROP USER '${name}'@'127.0.0.1'`);
        await root.end();
        await service.stop();
      },
    };
  },

  async sqlite(rows) {
    const { default: Database } = await import('libsql');
    const folder = mkdtempSync(join(tmpdir(), 'tachograph-advice-'));
    const file = join(folder, 'shop.db');
    const database = new Database(file);
    for (const sql of seedStatements(DIALECTS.sqlite, rows)) database.exec(sql);
    database.exec('ANALYZE');
    const run = async (sql) => {
      const isRead = /^(?:SELECT|WITH|EXPLAIN)/.test(sql);
      return isRead ? database.prepare(sql).all([]) : database.exec(sql);
    };
    return {
      dsn: `sqlite:${file}`,
      hasTrials: true,
      measure: (sql) => rolledBack(run, async () => ({ ms: await timeOf(run, sql), cost: null })),
      async create(ddl) {
        await run(ddl);
        await run('ANALYZE');
        const [, index] = /^CREATE INDEX (\S+) ON/.exec(ddl);
        return () => run(`DROP INDEX ${index}`);
      },
      async close() {
        database.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
};

async function once(pg, url, ...statements) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}

async function rolledBack(run, work) {
  await run('BEGIN');
  try {
    return await work();
  } finally {
    await run('ROLLBACK');
  }
}

/** The quickest of a few: what else the machine does only adds. */
async function timeOf(run, sql) {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    await run(sql);
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** Of the real plan, with the values of the statement. */
async function costIn(run, sql) {
  const [{ 'QUERY PLAN': plan }] = await run(`EXPLAIN (FORMAT JSON) ${sql}`);
  return plan[0].Plan['Total Cost'];
}
