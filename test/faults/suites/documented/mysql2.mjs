/** What the documentation of mysql2 says it does (https://sidorares.github.io/node-mysql2). Run with the agent and without. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import mysql from 'mysql2';
import promised from 'mysql2/promise';

const uri = process.env.SUITE_URL;
const table = `documented_mysql2_${process.pid}`;
const pool = promised.createPool({ uri, connectionLimit: 2 });
// The agent's worker is there by then.
after(() => sleep(3000));
before(() =>
  pool.query(`CREATE TABLE ${table} (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(50) UNIQUE)`),
);
after(async () => {
  await pool.query(`DROP TABLE ${table}`);
  await pool.end();
});

test('a promise of rows and fields', async () => {
  const [rows, fields] = await pool.query('SELECT ? AS a, ? AS b', [1, 'x']);
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [{ a: 1, b: 'x' }],
  );
  assert.deepEqual(
    fields.map(({ name }) => name),
    ['a', 'b'],
  );
});

test('a prepared statement, with values apart from its text', async () => {
  const [rows] = await pool.execute('SELECT ? + 1 AS a', [1]);
  assert.equal(Number(rows[0].a), 2);
});

test('a callback gets an error, rows and fields, and the query is returned', async () => {
  const connection = mysql.createConnection(uri);
  const { query, args } = await new Promise((resolve) => {
    const query = connection.query('SELECT 1 AS a', (...args) => resolve({ query, args }));
  });
  assert.equal(query.sql, 'SELECT 1 AS a');
  assert.equal(args[0], null);
  assert.equal(args[1][0].a, 1);
  assert.equal(args[2][0].name, 'a');
  connection.end();
  await once(connection, 'end');
});

test('without a callback there are events, in order', async () => {
  const connection = mysql.createConnection(uri);
  const seen = [];
  const query = connection.query('SELECT 1 AS a UNION SELECT 2');
  query.on('fields', () => seen.push('fields')).on('result', ({ a }) => seen.push(a));
  await once(query, 'end');
  assert.deepEqual(seen, ['fields', 1, 2]);
  connection.destroy();
});

test('an error without a callback is an event of the query', async () => {
  const connection = mysql.createConnection(uri);
  const [error] = await once(connection.query('SELECT nothing'), 'error');
  assert.equal(error.code, 'ER_BAD_FIELD_ERROR');
  connection.destroy();
});

test('rows as a stream', async () => {
  const connection = mysql.createConnection(uri);
  const rows = [];
  const stream = connection.query('SELECT 1 AS a UNION SELECT 2').stream();
  for await (const { a } of stream) rows.push(a);
  assert.deepEqual(rows, [1, 2]);
  connection.destroy();
});

test('an insert tells its key and how many rows', async () => {
  const [{ insertId, affectedRows }] = await pool.query(
    `INSERT INTO ${table} (name) VALUES ('taken')`,
  );
  assert.ok(insertId > 0);
  assert.equal(affectedRows, 1);
});

test('an error has what the server says of it, and the statement', async () => {
  const sql = `INSERT INTO ${table} (name) VALUES ('taken')`;
  await assert.rejects(pool.query(sql), (error) => {
    assert.deepEqual(
      [error.code, error.errno, error.sqlState, error.sql],
      ['ER_DUP_ENTRY', 1062, '23000', sql],
    );
    return true;
  });
});

test('an error that nobody handles ends the process', async () => {
  const { code, stderr } = await endOf(
    `import mysql from 'mysql2/promise'; const pool = mysql.createPool(process.env.SUITE_URL); pool.query('SELECT nobody');`,
  );
  assert.equal(code, 1);
  assert.match(stderr, /ER_BAD_FIELD_ERROR/);
});

test('rows as arrays, and values by name', async () => {
  const connection = await promised.createConnection({ uri, namedPlaceholders: true });
  const [rows] = await connection.query({ sql: 'SELECT :a AS a', rowsAsArray: true }, { a: 3 });
  assert.deepEqual(rows, [[3]]);
  await connection.end();
});

test('several statements give several results', async () => {
  const connection = await promised.createConnection({ uri, multipleStatements: true });
  const [results] = await connection.query('SELECT 1 AS a; SELECT 2 AS b');
  assert.deepEqual(
    results.map(([row]) => ({ ...row })),
    [{ a: 1 }, { b: 2 }],
  );
  await connection.end();
});

test('a statement is prepared, executed and closed', async () => {
  const connection = await promised.createConnection(uri);
  const statement = await connection.prepare('SELECT ? AS a');
  const [[row]] = await statement.execute(['x']);
  assert.equal(row.a, 'x');
  await statement.close();
  await connection.end();
});

test('queries of one connection run in the order in which they are asked', async () => {
  const connection = await promised.createConnection(uri);
  const order = [];
  const ask = (n) => connection.query('SELECT ?', [n]).then(() => order.push(n));
  await Promise.all([ask(1), ask(2), ask(3)]);
  assert.deepEqual(order, [1, 2, 3]);
  await connection.end();
});

test('a pool waits for a connection, and tells of it', async () => {
  const own = promised.createPool({ uri, connectionLimit: 1 });
  const seen = [];
  for (const event of ['acquire', 'connection', 'enqueue', 'release'])
    own.on(event, () => seen.push(event));
  const connection = await own.getConnection();
  const waiting = own.query('SELECT 1');
  connection.release();
  await waiting;
  await own.end();
  assert.ok(seen.includes('enqueue') && seen.includes('connection'));
  await assert.rejects(own.query('SELECT 1'), /Pool is closed/);
});

test('a transaction that is rolled back leaves nothing', async () => {
  const connection = await pool.getConnection();
  await connection.beginTransaction();
  await connection.query(`INSERT INTO ${table} (name) VALUES ('gone')`);
  await connection.rollback();
  connection.release();
  const [rows] = await pool.query(`SELECT 1 FROM ${table} WHERE name = 'gone'`);
  assert.equal(rows.length, 0);
});

/** How a process ends whose rejected query nobody handles: by the error. */
async function endOf(code) {
  const options = ['--input-type=module', '--eval', code];
  const ended = await promisify(execFile)(process.execPath, options).catch((error) => error);
  return { code: ended.code, stderr: ended.stderr };
}
