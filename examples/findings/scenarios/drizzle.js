/** Drizzle over pg, mysql2 and libsql. Comments as in pg.js. */
import { asc, eq, inArray } from 'drizzle-orm';
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3';
import * as my from 'drizzle-orm/mysql-core';
import { drizzle as drizzleMysql } from 'drizzle-orm/mysql2';
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres';
import * as postgres from 'drizzle-orm/pg-core';
import * as lite from 'drizzle-orm/sqlite-core';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { openSqlite } from '../sqlite-database.js';

/** Makes a table of a key and other columns, in the words of each database. */
const MAKERS = {
  postgres: (name, columns) =>
    postgres.pgTable(name, { id: postgres.serial('id').primaryKey(), ...columns(postgres) }),
  mariadb: (name, columns) =>
    my.mysqlTable(name, { id: my.int('id').autoincrement().primaryKey(), ...columns(ofMysql) }),
  sqlite: (name, columns) =>
    lite.sqliteTable(name, {
      id: lite.integer('id').primaryKey({ autoIncrement: true }),
      ...columns(ofSqlite),
    }),
};
const ofMysql = { integer: my.int, varchar: (name) => my.varchar(name, { length: 100 }) };
const ofSqlite = { integer: lite.integer, varchar: lite.text };

export async function open(place) {
  const make = MAKERS[place.kind];
  const tables = {
    author: make('author', ({ varchar }) => ({ name: varchar('name') })),
    book: make('book', ({ varchar, integer }) => ({
      title: varchar('title'),
      author_id: integer('author_id'),
    })),
    note: make('note', ({ varchar }) => ({ body: varchar('body') })),
  };
  const { db, close } = await connect(place);
  return { scenarios: scenariosOf(db, tables), close };
}

async function connect({ kind, sqlite, connectionsMax, ...place }) {
  if (kind === 'sqlite') {
    const client = await openSqlite(sqlite);
    return { db: drizzleSqlite(client), close: () => client.close() };
  }
  const isPostgres = kind === 'postgres';
  const pool = isPostgres
    ? new pg.Pool({ ...place, max: connectionsMax })
    : mysql.createPool({ ...place, connectionLimit: connectionsMax });
  return { db: isPostgres ? drizzlePg(pool) : drizzleMysql(pool), close: () => pool.end() };
}

function scenariosOf(db, { author, book, note }) {
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
    'many-parallel': async () => {
      const ask = async (id) => {
        return await db.select({ title: book.title }).from(book).where(eq(book.id, id)); // finds many-parallel n_plus_one
      };
      const books = await db.select({ id: book.id }).from(book);
      await Promise.all(books.map(({ id }) => ask(id)));
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
