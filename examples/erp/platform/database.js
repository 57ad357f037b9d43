/** The connection pool and transactions on it. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const CONNECTIONS_MAX = 12;
/** Whoever waits longer for a connection gets an error page, so that a starved pool degrades and does not hang. */
const CONNECTION_WAIT_MS_MAX = 2_000;
const STATEMENT_MS_MAX = 10_000;
const POOL_END_MS_MAX = 1_000;

/**
 * @param {string} databaseUrl
 * @returns {{ pool: pg.Pool, close: () => Promise<void> }} close waits for work under way, not for ever.
 */
export function openDatabase(databaseUrl) {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'erp',
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECTION_WAIT_MS_MAX,
    idleTimeoutMillis: 30_000,
    statement_timeout: STATEMENT_MS_MAX,
  });
  // A connection that breaks (server restart) fails the query under way and is replaced at the next one; without
  // these listeners it would end the process.
  pool.on('error', (error) => {
    if (!pool.ending) console.error(`erp: idle connection lost: ${error.message}`);
  });
  /** @type {Set<pg.PoolClient>} */
  const open = new Set();
  pool.on('connect', (client) => {
    open.add(client);
    client.on('error', () => {});
  });
  pool.on('remove', (client) => open.delete(client));
  return { pool, close: () => closePool(pool, open) };
}

/**
 * @param {pg.Pool} pool
 * @param {Set<pg.PoolClient>} open Its connections, idle or not.
 */
async function closePool(pool, open) {
  const ended = pool.end();
  const timely = await Promise.race([
    ended.then(() => true),
    sleep(POOL_END_MS_MAX, false, { ref: false }),
  ]);
  if (timely) return;
  // Somebody never gave a connection back, and the pool would wait for it for ever.
  await Promise.all([...open].map((client) => /** @type {any} */ (client).end()));
}

/**
 * Runs the work in one transaction: commits its result, or rolls back and throws its error.
 * @template T
 * @param {pg.Pool} pool
 * @param {(client: pg.PoolClient) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inTransaction(pool, work) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

/**
 * The only row of an answer, or undefined.
 * @param {pg.Pool | pg.PoolClient} database
 * @param {string} sql
 * @param {unknown[]} values
 */
export async function queryOne(database, sql, values) {
  const { rows } = await database.query(sql, values);
  return rows[0];
}
