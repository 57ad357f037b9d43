/** mysql2: its pool of promises, text and prepared statements, a transaction on one connection. */
import mysql from 'mysql2/promise';

const INSERT = 'INSERT INTO author (name) VALUES (?)';

export async function open({ kind: _kind, connectionsMax, ...place }) {
  const pool = mysql.createPool({ ...place, connectionLimit: connectionsMax });
  return {
    insert: (name) => pool.execute(INSERT, [name]),
    select: () => pool.query('SELECT id, name FROM author ORDER BY id LIMIT 5'),
    join: () =>
      pool.query('SELECT title, name FROM book JOIN author ON author.id = author_id LIMIT ?', [5]),
    async transaction(name, title) {
      const connection = await pool.getConnection();
      try {
        await connection.beginTransaction();
        const [{ insertId }] = await connection.execute(INSERT, [name]);
        const values = [title, insertId];
        await connection.query('INSERT INTO book (title, author_id) VALUES (?, ?)', values);
        await connection.query('UPDATE author SET name = ? WHERE id = ?', values);
        await connection.commit();
      } finally {
        connection.release();
      }
    },
    insertTaken: () => pool.query("INSERT INTO author (id, name) VALUES (1, 'taken')"),
    close: () => pool.end(),
  };
}
