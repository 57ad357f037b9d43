/** PostgreSQL by postgres.js, whose queries begin when they are awaited. Comments as in pg.js. */
import postgres from 'postgres';

export async function open({ connectionsMax: max, kind: _, user: username, ...place }) {
  const sql = postgres({ ...place, username, max, onnotice: () => {} });
  return { scenarios: scenariosOf(sql), close: () => sql.end() };
}

function scenariosOf(sql) {
  const authors = async () => await sql`SELECT id, name FROM author ORDER BY id`;
  return {
    sequential: async () => {
      for (const { id } of await authors()) {
        await sql`SELECT title FROM book WHERE author_id = ${id}`; // finds sequential n_plus_one
      }
    },
    parallel: async () => {
      const ask = async ({ id }) => {
        return await sql`SELECT id FROM book WHERE author_id = ${id}`; // finds parallel n_plus_one
      };
      await Promise.all((await authors()).map(ask));
    },
    'side-by-side': async () => {
      const all = (await authors()).map(({ id }) => sql`SELECT name FROM author WHERE id = ${id}`);
      await Promise.all(all); // finds side-by-side n_plus_one
    },
    batched: async () => {
      const ids = (await authors()).map(({ id }) => id);
      await sql`SELECT title FROM book WHERE author_id = ANY(${ids})`;
    },
    duplicate: async () => {
      for (let i = 0; i < 4; i++) {
        await sql`SELECT name, id FROM author WHERE id = ${7}`; // finds duplicate duplicate_query
      }
    },
    'single-inserts': async () => {
      for (let i = 0; i < 8; i++) {
        await sql`INSERT INTO note (body) VALUES (${`n${i}`})`; // finds single-inserts single_row_writes
      }
    },
    'bulk-insert': async () => {
      await sql`INSERT INTO note ${sql([{ body: 'a' }, { body: 'b' }, { body: 'c' }])}`;
    },
    'single-updates': async () => {
      for (const { id } of await authors()) {
        await sql`UPDATE author SET name = name WHERE id = ${id}`; // finds single-updates n_plus_one_write
      }
    },
    pages: async () => {
      for (let page = 0; page < 7; page++) {
        await sql`SELECT id FROM book ORDER BY id LIMIT ${10} OFFSET ${page * 10}`; // finds pages pagination_loop
      }
    },
    unbounded: async () => {
      await sql`SELECT id FROM reading`; // finds unbounded unbounded_read
    },
    counted: async () => {
      await sql`SELECT count(*) FROM reading`;
    },
  };
}
