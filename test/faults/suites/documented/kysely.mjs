/** What the documentation of Kysely says it does, over pg (https://kysely.dev). Run with the agent and without. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, NoResultError, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import Cursor from 'pg-cursor';

const pool = new pg.Pool({ connectionString: process.env.SUITE_URL, max: 2 });
const logged = [];
const db = new Kysely({
  dialect: new PostgresDialect({ pool, cursor: Cursor }),
  log: ({ level }) => logged.push(level),
});
const table = `documented_kysely_${process.pid}`;
// The agent's worker is there by then.
after(() => sleep(3000));
before(() =>
  db.schema
    .createTable(table)
    .addColumn('id', 'serial', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.unique())
    .execute(),
);
after(async () => {
  await db.schema.dropTable(table).execute();
  await db.destroy();
});
const insert = (on, name) => on.insertInto(table).values({ name });
const named = (name) => db.selectFrom(table).select('name').where('name', '=', name);

test('rows that are inserted come back', async () => {
  assert.deepEqual(await insert(db, 'a').returning('name').executeTakeFirst(), { name: 'a' });
  assert.deepEqual(await named('a').execute(), [{ name: 'a' }]);
});

test('updates and deletes tell how many rows', async () => {
  const { numUpdatedRows } = await db
    .updateTable(table)
    .set({ name: 'b' })
    .where('name', '=', 'a')
    .executeTakeFirst();
  assert.equal(numUpdatedRows, 1n);
  const { numDeletedRows } = await db
    .deleteFrom(table)
    .where('name', '=', 'none')
    .executeTakeFirst();
  assert.equal(numDeletedRows, 0n);
});

test('what has to be there and is not throws', async () => {
  assert.equal(await named('none').executeTakeFirst(), undefined);
  await assert.rejects(named('none').executeTakeFirstOrThrow(), NoResultError);
});

test('raw statements', async () => {
  const { rows } = await sql`SELECT ${1}::int AS a`.execute(db);
  assert.deepEqual(rows, [{ a: 1 }]);
});

test('a transaction whose function throws is rolled back, with its error', async () => {
  const error = new Error('no');
  const work = db.transaction().execute(async (trx) => {
    await insert(trx, 'gone').execute();
    throw error;
  });
  await assert.rejects(work, (found) => found === error);
  assert.equal(await named('gone').executeTakeFirst(), undefined);
});

test('a transaction is seen by nobody until it is committed', async () => {
  await db.transaction().execute(async (trx) => {
    await insert(trx, 'kept').execute();
    assert.equal(await named('kept').executeTakeFirst(), undefined);
  });
  assert.deepEqual(await named('kept').executeTakeFirst(), { name: 'kept' });
});

test('an error is the driver’s', async () => {
  await assert.rejects(insert(db, 'kept').execute(), (error) => {
    assert.ok(error instanceof pg.DatabaseError);
    assert.equal(error.code, '23505');
    return true;
  });
});

test('each query and each error is logged once', async () => {
  logged.length = 0;
  await named('kept').execute();
  await insert(db, 'kept')
    .execute()
    .catch(() => {});
  assert.deepEqual(logged, ['query', 'error']);
});

test('rows as a stream, which may be left', async () => {
  const rows = [];
  for await (const { n } of streamed()) {
    rows.push(n);
    if (rows.length === 3) break;
  }
  assert.deepEqual(rows, [1, 2, 3]);
  assert.equal(pool.idleCount, pool.totalCount);
});

test('one connection for several queries', async () => {
  const backend = sql`SELECT pg_backend_pid() AS id`;
  const ids = await db
    .connection()
    .execute(async (one) => [
      (await backend.execute(one)).rows[0].id,
      (await backend.execute(one)).rows[0].id,
    ]);
  assert.equal(ids[0], ids[1]);
});

function streamed() {
  return db.selectFrom(sql`generate_series(1, 9)`.as('n')).select('n').stream(2);
}
