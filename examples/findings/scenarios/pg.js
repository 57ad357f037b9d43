/** PostgreSQL by its driver. A comment `finds` stands where a finding is to be, with the scenario and the kind. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export async function open({ connectionsMax, kind: _, ...place }) {
  const pool = new pg.Pool({ ...place, max: connectionsMax });
  return { scenarios: scenariosOf(pool), close: () => pool.end() };
}

const one = async (asked) => (await asked).rows[0];

function scenariosOf(pool) {
  const authors = async () => (await pool.query('SELECT id, name FROM author ORDER BY id')).rows;
  const query = (text, values) => pool.query(text, values);
  return {
    sequential: async () => {
      for (const { id } of await authors()) {
        await pool.query('SELECT title FROM book WHERE author_id = $1', [id]); // finds sequential n_plus_one
      }
    },
    parallel: async () => {
      const ask = (id) => pool.query('SELECT id FROM book WHERE author_id = $1', [id]); // finds parallel n_plus_one
      await Promise.all((await authors()).map(({ id }) => ask(id)));
    },
    wrapped: async () => {
      for (const { id } of await authors()) {
        await query('SELECT title, id FROM book WHERE author_id = $1', [id]); // finds wrapped n_plus_one
      }
    },
    client: async () => {
      const client = await pool.connect();
      try {
        const { rows } = await client.query('SELECT id FROM author');
        for (const { id } of rows) {
          await client.query('SELECT count(*) FROM book WHERE author_id = $1', [id]); // finds client n_plus_one
        }
      } finally {
        client.release();
      }
    },
    nested: async () => {
      const ask = 'SELECT id FROM book WHERE author_id = $1 ORDER BY id';
      for (const { id } of await authors()) {
        const books = await pool.query(ask, [id]); // finds nested n_plus_one
        for (const book of books.rows) {
          await pool.query('SELECT score FROM review WHERE book_id = $1', [book.id]); // finds nested n_plus_one
        }
      }
    },
    'inlined-values': async () => {
      for (const { id } of await authors()) {
        await pool.query(`SELECT id, title FROM book WHERE author_id = ${id}`); // finds inlined-values n_plus_one
      }
    },
    batched: async () => {
      const ids = (await authors()).map(({ id }) => id);
      await pool.query('SELECT title FROM book WHERE author_id = ANY($1)', [ids]);
    },
    chunks: async () => {
      for (let i = 0; i < 6; i++) {
        const ids = Array.from({ length: 10 }, (_, j) => i * 10 + j + 1);
        await pool.query('SELECT title FROM book WHERE id = ANY($1)', [ids]);
      }
    },
    joined: () =>
      pool.query('SELECT name, title FROM author JOIN book ON book.author_id = author.id LIMIT 90'),
    'other-tables': async () => {
      for (let i = 0; i < 4; i++) {
        await pool.query(`SELECT id FROM ${['author', 'book', 'review', 'reading'][i]} LIMIT 3`);
      }
    },
    cached: async () => {
      const known = new Map();
      for (let i = 0; i < 30; i++) {
        const id = (i % 2) + 1;
        if (!known.has(id)) {
          known.set(id, await one(pool.query('SELECT name FROM author WHERE id = $1', [id])));
        }
      }
    },
    duplicate: async () => {
      for (let i = 0; i < 4; i++) {
        await pool.query('SELECT name FROM author WHERE id = $1', [7]); // finds duplicate duplicate_query
      }
    },
    'read-after-write': async () => {
      for (let i = 0; i < 4; i++) {
        await pool.query('UPDATE counter SET n = n + 1 WHERE id = $1', [1]);
        await pool.query('SELECT n FROM counter WHERE id = $1', [1]);
      }
    },
    retried: async () => {
      for (let i = 0; i < 4; i++) {
        await pool.query('SELECT n FROM counter WHERE id = $1', [2]);
        await pool.query('SELECT 1 / $1::int', [0]).catch(() => {});
      }
    },
    'single-inserts': async () => {
      for (let i = 0; i < 8; i++) {
        await pool.query('INSERT INTO note (body) VALUES ($1)', [`n${i}`]); // finds single-inserts single_row_writes
      }
    },
    'bulk-insert': async () => {
      for (let i = 0; i < 6; i++) {
        await pool.query('INSERT INTO note (body) VALUES ($1), ($2), ($3)', ['a', 'b', 'c']);
      }
    },
    'single-updates': async () => {
      for (const { id } of await authors()) {
        await pool.query('UPDATE author SET name = name WHERE id = $1', [id]); // finds single-updates n_plus_one_write
      }
    },
    pages: async () => {
      for (let page = 0; page < 7; page++) {
        await pool.query('SELECT id FROM book ORDER BY id LIMIT $1 OFFSET $2', [10, page * 10]); // finds pages pagination_loop
      }
    },
    'walk-by-key': async () => {
      let last = 0;
      for (let i = 0; i < 7; i++) {
        const { rows } = await pool.query(
          'SELECT id FROM book WHERE id > $1 ORDER BY id LIMIT 10',
          [last],
        );
        last = rows.at(-1)?.id ?? last;
      }
    },
    slow: () => pool.query('SELECT pg_sleep($1)', [1.3]), // finds slow slow_query
    unbounded: () => pool.query('SELECT id FROM reading'), // finds unbounded unbounded_read
    wide: () => pool.query('SELECT * FROM reading LIMIT 600'), // finds wide wide_rows
    counted: () => pool.query('SELECT count(*) FROM reading'),
    'short-transaction': async () => {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query('UPDATE counter SET n = n + 1 WHERE id = $1', [3]);
      await client.query('COMMIT');
      client.release();
    },
    'idle-transaction': async () => {
      const client = await pool.connect();
      await client.query('BEGIN'); // finds idle-transaction idle_transaction
      await client.query('UPDATE counter SET n = n + 1 WHERE id = $1', [4]);
      await sleep(250);
      await client.query('COMMIT');
      client.release();
    },
    'lock-wait': async () => {
      const [holder, waiter] = [await pool.connect(), await pool.connect()];
      await holder.query('BEGIN; UPDATE counter SET n = 0 WHERE id = 5');
      await waiter.query("SET lock_timeout = '50ms'");
      await waiter.query('UPDATE counter SET n = 1 WHERE id = $1', [5]).catch(() => {}); // finds lock-wait lock_wait
      await holder.query('ROLLBACK');
      for (const client of [holder, waiter]) client.release(true);
    },
    deadlock: async () => {
      const [other, victim] = [await pool.connect(), await pool.connect()];
      await other.query('BEGIN; UPDATE counter SET n = 0 WHERE id = 1');
      await victim.query("SET deadlock_timeout = '20ms'");
      await victim.query('BEGIN; UPDATE counter SET n = 0 WHERE id = 2');
      const waiting = other.query('UPDATE counter SET n = n - 1 WHERE id = $1', [2]);
      await sleep(50);
      await victim.query('UPDATE counter SET n = 2 WHERE id = $1', [1]).catch(() => {}); // finds deadlock deadlock
      await victim.query('ROLLBACK');
      await waiting;
      await other.query('ROLLBACK');
      for (const client of [other, victim]) client.release(true);
    },
    'same-order': async () => {
      const [first, second] = [await pool.connect(), await pool.connect()];
      await first.query('BEGIN; UPDATE counter SET n = 0 WHERE id = 1');
      await second.query('BEGIN');
      const waiting = second.query('UPDATE counter SET n = 3 WHERE id = $1', [1]);
      await first.query('UPDATE counter SET n = 3 WHERE id = $1', [2]);
      await first.query('COMMIT');
      await waiting;
      await second.query('UPDATE counter SET n = 4 WHERE id = $1', [2]);
      await second.query('COMMIT');
      for (const client of [first, second]) client.release();
    },
    'skips-locked': async () => {
      const [holder, taker] = [await pool.connect(), await pool.connect()];
      await holder.query('BEGIN; UPDATE counter SET n = 0 WHERE id = 1');
      await taker.query('SELECT id FROM counter ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED');
      await holder.query('ROLLBACK');
      for (const client of [holder, taker]) client.release();
    },
    // finds chatty chatty_request nowhere
    chatty: async () => {
      for (let i = 0; i < 24; i++) {
        await pool.query(`SELECT id, ${i} AS n, name AS name_${i} FROM author LIMIT 1`);
      }
    },
    few: async () => {
      for (let i = 1; i < 4; i++) await pool.query('SELECT title FROM book WHERE id = $1', [i]);
    },
  };
}
