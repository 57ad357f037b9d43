/** MariaDB by mysql2, in both of its interfaces. Comments as in pg.js. */
import { setTimeout as sleep } from 'node:timers/promises';
import callbacks from 'mysql2';
import mysql from 'mysql2/promise';

export async function open({ connectionsMax, kind: _, ...place }) {
  const pool = mysql.createPool({ ...place, connectionLimit: connectionsMax });
  const plain = callbacks.createPool({ ...place, connectionLimit: connectionsMax });
  const close = async () => {
    await pool.end();
    await new Promise((resolve) => plain.end(resolve));
  };
  return { scenarios: scenariosOf(pool, plain), close };
}

function scenariosOf(pool, plain) {
  const authors = async () => (await pool.query('SELECT id, name FROM author ORDER BY id'))[0];
  return {
    sequential: async () => {
      for (const { id } of await authors()) {
        await pool.query('SELECT title FROM book WHERE author_id = ?', [id]); // finds sequential n_plus_one
      }
    },
    executed: async () => {
      for (const { id } of await authors()) {
        await pool.execute('SELECT id FROM book WHERE author_id = ?', [id]); // finds executed n_plus_one
      }
    },
    parallel: async () => {
      const ask = (id) => pool.query('SELECT title, id FROM book WHERE author_id = ?', [id]); // finds parallel n_plus_one
      await Promise.all((await authors()).map(({ id }) => ask(id)));
    },
    callbacks: () =>
      new Promise((resolve, reject) => {
        let left = 6;
        const next = (error) => {
          left -= 1;
          if (error || left < 0) error ? reject(error) : resolve();
          else plain.query('SELECT name FROM author WHERE id = ?', [left + 1], next); // finds callbacks n_plus_one
        };
        next();
      }),
    batched: async () => {
      const ids = (await authors()).map(({ id }) => id);
      await pool.query('SELECT title FROM book WHERE author_id IN (?)', [ids]);
    },
    chunks: async () => {
      for (let i = 0; i < 6; i++) {
        await pool.query('SELECT title FROM book WHERE id IN (?)', [
          [i * 3 + 1, i * 3 + 2, i * 3 + 3],
        ]);
      }
    },
    duplicate: async () => {
      for (let i = 0; i < 5; i++) {
        await pool.query('SELECT name, id FROM author WHERE id = ?', [3]); // finds duplicate duplicate_query
      }
    },
    'single-inserts': async () => {
      for (let i = 0; i < 8; i++) {
        await pool.query('INSERT INTO note (body) VALUES (?)', [`n${i}`]); // finds single-inserts single_row_writes
      }
    },
    'bulk-insert': () => pool.query('INSERT INTO note (body) VALUES ?', [[['a'], ['b'], ['c']]]),
    'single-deletes': async () => {
      for (let i = 0; i < 6; i++) {
        await pool.query('DELETE FROM note WHERE id = ?', [1_000_000 + i]); // finds single-deletes n_plus_one_write
      }
    },
    pages: async () => {
      for (let page = 0; page < 7; page++) {
        await pool.query('SELECT id FROM book ORDER BY id LIMIT ?, ?', [page * 10, 10]); // finds pages pagination_loop
      }
    },
    slow: () => pool.query('SELECT SLEEP(?)', [1.3]), // finds slow slow_query
    unbounded: () => pool.query('SELECT id FROM reading'), // finds unbounded unbounded_read
    wide: () => pool.query('SELECT * FROM reading LIMIT 600'), // finds wide wide_rows
    'idle-transaction': async () => {
      const connection = await pool.getConnection();
      await connection.beginTransaction(); // finds idle-transaction idle_transaction
      await connection.query('UPDATE counter SET n = n + 1 WHERE id = ?', [1]);
      await sleep(250);
      await connection.commit();
      connection.release();
    },
    'short-transaction': async () => {
      const connection = await pool.getConnection();
      await connection.beginTransaction();
      await connection.query('UPDATE counter SET n = n + 1 WHERE id = ?', [2]);
      await connection.commit();
      connection.release();
    },
    // The one that has changed less is ended: the victim.
    deadlock: async () => {
      const [other, victim] = [await pool.getConnection(), await pool.getConnection()];
      await other.beginTransaction();
      for (const id of [1, 3]) await other.query('UPDATE counter SET n = n - 1 WHERE id = ?', [id]);
      await victim.beginTransaction();
      await victim.query('UPDATE counter SET n = 0 WHERE id = 2');
      const waiting = other.query('UPDATE counter SET n = n - 1 WHERE id = ?', [2]);
      await sleep(50);
      await victim.query('UPDATE counter SET n = n + 3 WHERE id = ?', [1]).catch(() => {}); // finds deadlock deadlock
      await waiting;
      for (const connection of [other, victim]) {
        await connection.rollback();
        connection.release();
      }
    },
    'lock-wait': async () => {
      const ask = 'SELECT n FROM counter WHERE id = ? FOR UPDATE NOWAIT';
      const [holder, waiter] = [await pool.getConnection(), await pool.getConnection()];
      await holder.beginTransaction();
      await holder.query('UPDATE counter SET n = n + 1 WHERE id = 3');
      await waiter.query(ask, [3]).catch(() => {}); // finds lock-wait lock_wait
      await holder.rollback();
      for (const connection of [holder, waiter]) connection.release();
    },
    'same-order': async () => {
      const [first, second] = [await pool.getConnection(), await pool.getConnection()];
      await first.beginTransaction();
      await first.query('UPDATE counter SET n = n + 1 WHERE id = 4');
      await second.beginTransaction();
      const waiting = second.query('UPDATE counter SET n = n + 2 WHERE id = ?', [4]);
      await first.query('UPDATE counter SET n = n + 2 WHERE id = ?', [5]);
      await first.commit();
      await waiting;
      await second.query('UPDATE counter SET n = n + 4 WHERE id = ?', [5]);
      await second.commit();
      for (const connection of [first, second]) connection.release();
    },
  };
}
