/** SQLite by libsql, whose queries are synchronous. Comments as in pg.js. */
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import { schemaOf } from '../tables.js';

export async function open() {
  const database = new Database(':memory:');
  for (const statement of schemaOf('sqlite')) database.exec(statement);
  return { scenarios: scenariosOf(database), close: () => database.close() };
}

function scenariosOf(database) {
  const authors = () => database.prepare('SELECT id, name FROM author ORDER BY id').all();
  return {
    sequential: () => {
      for (const { id } of authors()) {
        database.prepare('SELECT title FROM book WHERE author_id = ?').all(id); // finds sequential n_plus_one
      }
    },
    prepared: () => {
      const books = database.prepare('SELECT id FROM book WHERE author_id = ?');
      for (const { id } of authors()) books.all(id); // finds prepared n_plus_one
    },
    named: async () => {
      const books = database.prepare('SELECT id, title FROM book WHERE author_id = :author');
      for (const { id } of authors()) {
        await sleep(0);
        books.get({ author: id }); // finds named n_plus_one
      }
    },
    duplicate: () => {
      const setting = database.prepare('SELECT name FROM author WHERE id = ?');
      for (let i = 0; i < 3; i++) setting.get(4); // finds duplicate duplicate_query
    },
    'single-inserts': () => {
      const insert = database.prepare('INSERT INTO note (body) VALUES (?)');
      for (let i = 0; i < 8; i++) insert.run(`n${i}`); // finds single-inserts single_row_writes
    },
    'single-updates': () => {
      const update = database.prepare('UPDATE author SET name = name WHERE id = ?');
      for (const { id } of authors()) update.run(id); // finds single-updates n_plus_one_write
    },
    batched: () =>
      database.prepare('SELECT title FROM book WHERE author_id IN (?, ?, ?)').all(1, 2, 3),
    unbounded: () => database.prepare('SELECT id FROM reading').all(), // finds unbounded unbounded_read
    wide: () => database.prepare('SELECT * FROM reading LIMIT 600').all(), // finds wide wide_rows
    'idle-transaction': async () => {
      database.exec('BEGIN'); // finds idle-transaction idle_transaction
      database.prepare('UPDATE counter SET n = n + 1 WHERE id = ?').run(1);
      await sleep(250);
      database.exec('COMMIT');
    },
    few: () => {
      for (let i = 1; i < 4; i++) database.prepare('SELECT title FROM book WHERE id = ?').get(i);
    },
  };
}
