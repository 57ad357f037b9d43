/** Drizzle over pg. Comments as in pg.js. */
import { asc, eq, inArray } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, serial, varchar } from 'drizzle-orm/pg-core';
import pg from 'pg';

const author = pgTable('author', { id: serial('id').primaryKey(), name: varchar('name') });
const book = pgTable('book', {
  id: serial('id').primaryKey(),
  title: varchar('title'),
  author_id: integer('author_id'),
});
const note = pgTable('note', { id: serial('id').primaryKey(), body: varchar('body') });

export async function open({ kind: _, connectionsMax, ...place }) {
  const pool = new pg.Pool({ ...place, max: connectionsMax });
  return { scenarios: scenariosOf(drizzle(pool)), close: () => pool.end() };
}

function scenariosOf(db) {
  const all = () => db.select({ id: author.id }).from(author).orderBy(asc(author.id));
  return {
    sequential: async () => {
      for (const { id } of await all()) {
        await db.select().from(book).where(eq(book.author_id, id)); // finds sequential n_plus_one
      }
    },
    parallel: async () => {
      const ask = async (id) => {
        return await db.select({ id: book.id }).from(book).where(eq(book.author_id, id)); // finds parallel n_plus_one
      };
      await Promise.all((await all()).map(({ id }) => ask(id)));
    },
    batched: async () => {
      const ids = (await all()).map(({ id }) => id);
      await db.select().from(book).where(inArray(book.author_id, ids));
    },
    duplicate: async () => {
      for (let i = 0; i < 4; i++) {
        await db.select().from(author).where(eq(author.id, 7)); // finds duplicate duplicate_query
      }
    },
    'single-inserts': async () => {
      for (let i = 0; i < 8; i++) {
        await db.insert(note).values({ body: `n${i}` }); // finds single-inserts single_row_writes
      }
    },
    'bulk-insert': () => db.insert(note).values([{ body: 'a' }, { body: 'b' }, { body: 'c' }]),
    'single-updates': async () => {
      for (const { id } of await all()) {
        await db.update(author).set({ name: 'n' }).where(eq(author.id, id)); // finds single-updates n_plus_one_write
      }
    },
  };
}
