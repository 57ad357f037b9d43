/** postgres.js: its templates, a cursor, a transaction. */
import postgres from 'postgres';

export async function open({ kind: _kind, connectionsMax, ...place }) {
  const sql = postgres({ ...place, max: connectionsMax });
  return {
    insert: (name) => sql`INSERT INTO author (name) VALUES (${name})`,
    select: () => sql`SELECT id, name FROM author ORDER BY id LIMIT 5`,
    async join() {
      const books = sql`SELECT title, name FROM book JOIN author ON author.id = author_id LIMIT 5`;
      for await (const [row] of books.cursor(50)) row.title.slice(0, 1);
    },
    transaction: (name, title) =>
      sql.begin(async (own) => {
        const [row] = await own`INSERT INTO author (name) VALUES (${name}) RETURNING id`;
        await own`INSERT INTO book (title, author_id) VALUES (${title}, ${row.id})`;
        await own`UPDATE author SET name = ${title} WHERE id = ${row.id}`;
      }),
    insertTaken: () => sql`INSERT INTO author (id, name) VALUES (1, 'taken')`,
    close: () => sql.end(),
  };
}
