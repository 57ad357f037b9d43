/** mysql: its pool, which knows callbacks only, and a transaction on one connection. */
import { promisify } from 'node:util';
import mysql from 'mysql';

export async function open({ kind: _kind, connectionsMax, ...place }) {
  const pool = mysql.createPool({ ...place, connectionLimit: connectionsMax });
  const of = (owner, name) => promisify(owner[name]).bind(owner);
  const query = of(pool, 'query');
  return {
    insert: (name) => query('INSERT INTO author SET ?', { name }),
    select: () => query('SELECT id, name FROM author ORDER BY id LIMIT 5'),
    join: () =>
      query('SELECT title, name FROM book JOIN author ON author.id = author_id LIMIT ?', [5]),
    async transaction(name, title) {
      const connection = await of(pool, 'getConnection')();
      const ask = of(connection, 'query');
      try {
        await of(connection, 'beginTransaction')();
        const { insertId } = await ask('INSERT INTO author SET ?', { name });
        await ask('INSERT INTO book (title, author_id) VALUES (?, ?)', [title, insertId]);
        await ask('UPDATE author SET name = ? WHERE id = ?', [title, insertId]);
        await of(connection, 'commit')();
      } finally {
        connection.release();
      }
    },
    insertTaken: () => query("INSERT INTO author (id, name) VALUES (1, 'taken')"),
    close: () => of(pool, 'end')(),
  };
}
