/** pg: its pool, values, a named prepared statement, a transaction on one connection. */
import pg from 'pg';

const INSERT = 'INSERT INTO author (name) VALUES ($1)';

export async function open({ kind: _kind, connectionsMax, ...place }) {
  const pool = new pg.Pool({ ...place, max: connectionsMax });
  return {
    insert: (name) => pool.query(INSERT, [name]),
    select: () => pool.query('SELECT id, name FROM author ORDER BY id LIMIT 5'),
    join: () =>
      pool.query({
        name: 'books',
        text: 'SELECT title, name FROM book JOIN author ON author.id = author_id LIMIT $1',
        values: [5],
      }),
    async transaction(name, title) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const { rows } = await client.query(`${INSERT} RETURNING id`, [name]);
        await client.query('INSERT INTO book (title, author_id) VALUES ($1, $2)', [
          title,
          rows[0].id,
        ]);
        await client.query('UPDATE author SET name = $1 WHERE id = $2', [title, rows[0].id]);
        await client.query('COMMIT');
      } finally {
        client.release();
      }
    },
    insertTaken: () => pool.query("INSERT INTO author (id, name) VALUES (1, 'taken')"),
    close: () => pool.end(),
  };
}
