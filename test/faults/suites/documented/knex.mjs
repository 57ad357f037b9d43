/** What the documentation of Knex says it does, over pg (https://knexjs.org). Run with the agent and without. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import createKnex from 'knex';

const knex = createKnex({
  client: 'pg',
  connection: process.env.SUITE_URL,
  pool: { min: 0, max: 2 },
});
const table = `documented_knex_${process.pid}`;
// The agent's worker is there by then.
after(() => sleep(3000));
before(() =>
  knex.schema.createTable(table, (made) => {
    made.increments('id');
    made.string('name').unique();
  }),
);
after(async () => {
  await knex.schema.dropTable(table);
  await knex.destroy();
});

test('rows that are inserted come back', async () => {
  assert.deepEqual(await knex(table).insert([{ name: 'a' }, { name: 'b' }], ['name']), [
    { name: 'a' },
    { name: 'b' },
  ]);
  assert.deepEqual(await knex(table).orderBy('id').pluck('name'), ['a', 'b']);
  assert.equal((await knex(table).first('name').where({ name: 'a' })).name, 'a');
});

test('updates and deletes tell how many rows', async () => {
  assert.equal(await knex(table).where({ name: 'b' }).update({ name: 'c' }), 1);
  assert.equal(await knex(table).where({ name: 'none' }).del(), 0);
});

test('raw statements', async () => {
  const { rows } = await knex.raw('SELECT ?::int AS a', [1]);
  assert.deepEqual(rows, [{ a: 1 }]);
});

test('a transaction whose function throws is rolled back, with its error', async () => {
  const error = new Error('no');
  await assert.rejects(
    knex.transaction(async (trx) => {
      await trx(table).insert({ name: 'gone' });
      throw error;
    }),
    (found) => found === error,
  );
  assert.equal(await knex(table).first().where({ name: 'gone' }), undefined);
});

test('a transaction is seen by nobody until it is committed', async () => {
  const trx = await knex.transaction();
  await trx(table).insert({ name: 'kept' });
  assert.equal(await knex(table).first().where({ name: 'kept' }), undefined);
  await trx.commit();
  assert.ok(trx.isCompleted());
  assert.equal((await knex(table).first().where({ name: 'kept' })).name, 'kept');
});

test('an error has what the server says, and the statement in front', async () => {
  await assert.rejects(knex(table).insert({ name: 'a' }), (error) => {
    assert.equal(error.code, '23505');
    assert.match(error.message, /^insert into "documented_knex/);
    return true;
  });
});

test('events tell each query, its response and its error, once', async () => {
  const seen = [];
  const own = knex.withUserParams({});
  own.on('query', () => seen.push('query'));
  own.on('query-response', () => seen.push('response'));
  own.on('query-error', () => seen.push('error'));
  await own(table).first();
  await own(table)
    .select('nothing')
    .catch(() => {});
  assert.deepEqual(seen, ['query', 'response', 'query', 'error']);
});

test('a builder runs each time that it is awaited, and not before', async () => {
  const seen = [];
  const builder = knex(table)
    .count('* as n')
    .on('query', ({ sql }) => seen.push(sql));
  assert.deepEqual(seen, []);
  await builder;
  assert.equal(seen.length, 1);
  assert.equal(builder.toString(), `select count(*) as "n" from "${table}"`);
});

test('a query that takes too long is given up', async () => {
  await assert.rejects(
    knex.raw('SELECT pg_sleep(1)').timeout(50),
    /Defined query timeout of 50ms exceeded/,
  );
});

test('who waits for a connection waits no longer than allowed', async () => {
  const config = { client: 'pg', connection: process.env.SUITE_URL, acquireConnectionTimeout: 60 };
  const own = createKnex({ ...config, pool: { min: 0, max: 1 } });
  const trx = await own.transaction();
  await assert.rejects(own.select(1), /Timeout acquiring a connection/);
  await trx.rollback();
  await own.destroy();
});
