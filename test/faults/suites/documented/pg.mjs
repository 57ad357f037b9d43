/** What the documentation of pg and pg-pool says they do (https://node-postgres.com). Run with the agent and without. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const connectionString = process.env.SUITE_URL;
const table = `documented_pg_${process.pid}`;
const pool = new pg.Pool({ connectionString, max: 2 });
// The agent's worker is there by then.
after(() => sleep(3000));
before(() => pool.query(`CREATE TABLE ${table} (id SERIAL PRIMARY KEY, name TEXT UNIQUE)`));
after(async () => {
  await pool.query(`DROP TABLE ${table}`);
  await pool.end();
});
const connected = async () => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
};

test('a promise of a result with rows, fields, rowCount and command', async () => {
  const result = await pool.query('SELECT $1::int AS a, $2::text AS b', [1, 'x']);
  assert.deepEqual(result.rows, [{ a: 1, b: 'x' }]);
  assert.deepEqual(
    result.fields.map(({ name }) => name),
    ['a', 'b'],
  );
  assert.deepEqual([result.rowCount, result.command], [1, 'SELECT']);
  assert.ok(result instanceof pg.Result);
});

test('with a callback nothing is returned, and an error comes first', async () => {
  const client = await connected();
  const [returned, args] = await new Promise((resolve) => {
    const value = client.query('SELECT 1 AS a', (...given) => resolve([value, given]));
  });
  assert.equal(returned, undefined);
  assert.equal(args[0], null);
  assert.deepEqual(args[1].rows, [{ a: 1 }]);
  const error = await new Promise((resolve) => client.query('SELECT nothing', resolve));
  assert.equal(error.code, '42703');
  await client.end();
});

test('rows as arrays', async () => {
  const { rows } = await pool.query({ text: 'SELECT 1 AS a, 2 AS a', rowMode: 'array' });
  assert.deepEqual(rows, [[1, 2]]);
});

test('a statement with a name is prepared once, and another text of the name is refused', async () => {
  const client = await connected();
  const named = { name: 'one', text: 'SELECT $1::int AS a' };
  assert.deepEqual((await client.query({ ...named, values: [1] })).rows, [{ a: 1 }]);
  assert.deepEqual((await client.query(named, [2])).rows, [{ a: 2 }]);
  await assert.rejects(
    client.query({ name: 'one', text: 'SELECT 2' }),
    /Prepared statements must be unique/,
  );
  await client.end();
});

test('several statements give several results', async () => {
  const results = await pool.query('SELECT 1 AS a; SELECT 2 AS b');
  assert.deepEqual(
    results.map(({ rows }) => rows),
    [[{ a: 1 }], [{ b: 2 }]],
  );
});

test('an error has what the server says of it', async () => {
  await pool.query(`INSERT INTO ${table} (name) VALUES ('taken')`);
  await assert.rejects(pool.query(`INSERT INTO ${table} (name) VALUES ('taken')`), (error) => {
    assert.ok(error instanceof pg.DatabaseError);
    assert.deepEqual([error.code, error.table, error.severity], ['23505', table, 'ERROR']);
    return true;
  });
});

test('an error that nobody handles ends the process', async () => {
  const { code, stderr } = await endOf(
    `import pg from 'pg'; const pool = new pg.Pool({ connectionString: process.env.SUITE_URL }); pool.query('SELECT nobody');`,
  );
  assert.equal(code, 1);
  assert.match(stderr, /42703/);
});

test('a query object has events for rows and the end, in order', async () => {
  const client = await connected();
  const query = client.query(new pg.Query('SELECT generate_series(1, 3) AS n'));
  const seen = [];
  query.on('row', ({ n }) => seen.push(n));
  await new Promise((resolve) => query.on('end', resolve));
  assert.deepEqual(seen, [1, 2, 3]);
  await client.end();
});

test('queries of one client run in the order in which they are asked', async () => {
  const client = await connected();
  const order = [];
  const ask = (n) => client.query('SELECT $1::int AS n', [n]).then(() => order.push(n));
  await Promise.all([ask(1), ask(2), ask(3)]);
  assert.deepEqual(order, [1, 2, 3]);
  await client.end();
});

test('notifications reach who listens', async () => {
  const client = await connected();
  const heard = new Promise((resolve) => client.once('notification', resolve));
  await client.query(`LISTEN ${table}`);
  await client.query(`NOTIFY ${table}, 'hello'`);
  const { channel, payload } = await heard;
  assert.deepEqual([channel, payload], [table, 'hello']);
  await client.end();
});

test('a query that takes too long is given up', async () => {
  const client = new pg.Client({ connectionString, query_timeout: 100 });
  await client.connect();
  await assert.rejects(client.query('SELECT pg_sleep(1)'), /Query read timeout/);
  client.end().catch(() => {});
});

test('a pool tells of connections, waits for one that is busy, and counts', async () => {
  const own = new pg.Pool({ connectionString, max: 1 });
  const seen = [];
  for (const event of ['connect', 'acquire', 'release', 'remove'])
    own.on(event, () => seen.push(event));
  const client = await own.connect();
  const waiting = own.query('SELECT 1');
  await sleep(20);
  assert.deepEqual([own.totalCount, own.idleCount, own.waitingCount], [1, 0, 1]);
  client.release();
  await waiting;
  assert.throws(() => client.release(), /Release called on client which has already been released/);
  await own.end();
  assert.deepEqual(seen.filter((event) => event === 'acquire').length, 2);
  await assert.rejects(own.query('SELECT 1'), /Cannot use a pool after calling end/);
});

test('a pool that has no connection in time refuses', async () => {
  const own = new pg.Pool({ connectionString, max: 1, connectionTimeoutMillis: 50 });
  const client = await own.connect();
  await assert.rejects(own.connect(), /timeout exceeded when trying to connect/);
  client.release();
  await own.end();
});

test('a transaction that is rolled back leaves nothing', async () => {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query(`INSERT INTO ${table} (name) VALUES ('gone')`);
  await client.query('ROLLBACK');
  client.release();
  const { rowCount } = await pool.query(`SELECT 1 FROM ${table} WHERE name = 'gone'`);
  assert.equal(rowCount, 0);
});

test('methods have the names and lengths that they have', () => {
  const { query, connect, end } = pg.Client.prototype;
  const shape = [query, connect, end].map(({ name, length }) => [name, length]);
  assert.deepEqual(shape, [
    ['query', 3],
    ['connect', 1],
    ['end', 1],
  ]);
});

/** How a process ends whose rejected query nobody handles: by the error. */
async function endOf(code) {
  const options = ['--input-type=module', '--eval', code];
  const ended = await promisify(execFile)(process.execPath, options).catch((error) => error);
  return { code: ended.code, stderr: ended.stderr };
}
