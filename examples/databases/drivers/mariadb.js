/** mariadb: its pool of promises, text and prepared statements, a transaction on one connection. */
import { createPool } from 'mariadb';

const INSERT = 'INSERT INTO author (name) VALUES (?)';

export async function open({ kind: _kind, connectionsMax, ...place }) {
  const pool = createPool({ ...place, connectionLimit: connectionsMax });
  return {
    insert: (name) => pool.execute(INSERT, [name]),
    select: () => pool.query('SELECT id, name FROM author ORDER BY id LIMIT 5'),
    join: () =>
      pool.query('SELECT title, name FROM book JOIN author ON author.id = author_id LIMIT ?', [5]),
    async transaction(name, title) {
      const connection = await pool.getConnection();
      try {
        await connection.beginTransaction();
        const { insertId } = await connection.query(INSERT, [name]);
        const values = [title, insertId];
        await connection.query('INSERT INTO book (title, author_id) VALUES (?, ?)', values);
        await connection.query('UPDATE author SET name = ? WHERE id = ?', values);
        await connection.commit();
      } finally {
        await connection.release();
      }
    },
    insertTaken: () => pool.query("INSERT INTO author (id, name) VALUES (1, 'taken')"),
    close: () => pool.end(),
  };
}
