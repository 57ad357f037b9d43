/** Drizzle: its builder over pg and mysql2, a join, a transaction. */
import { asc, eq } from 'drizzle-orm';
import * as my from 'drizzle-orm/mysql-core';
import { drizzle as drizzleMysql } from 'drizzle-orm/mysql2';
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres';
import * as postgres from 'drizzle-orm/pg-core';
import mysql from 'mysql2/promise';
import pg from 'pg';

const onPostgres = {
  author: postgres.pgTable('author', {
    id: postgres.serial('id').primaryKey(),
    name: postgres.varchar('name', { length: 100 }),
  }),
  book: postgres.pgTable('book', {
    id: postgres.serial('id').primaryKey(),
    title: postgres.varchar('title', { length: 100 }),
    author_id: postgres.integer('author_id'),
  }),
};
const onMysql = {
  author: my.mysqlTable('author', {
    id: my.int('id').autoincrement().primaryKey(),
    name: my.varchar('name', { length: 100 }),
  }),
  book: my.mysqlTable('book', {
    id: my.int('id').autoincrement().primaryKey(),
    title: my.varchar('title', { length: 100 }),
    author_id: my.int('author_id'),
  }),
};

export async function open({ kind, connectionsMax, ...place }) {
  const isPostgres = kind === 'postgres';
  const pool = isPostgres
    ? new pg.Pool({ ...place, max: connectionsMax })
    : mysql.createPool({ ...place, connectionLimit: connectionsMax });
  const db = isPostgres ? drizzlePg(pool) : drizzleMysql(pool);
  const { author, book } = isPostgres ? onPostgres : onMysql;
  const addedId = async (to, values) => {
    const added = to.insert(author).values(values);
    const [row] = await (isPostgres ? added.returning({ id: author.id }) : added);
    return row.id ?? row.insertId;
  };
  return {
    insert: (name) => addedId(db, { name }),
    select: () => db.select().from(author).orderBy(asc(author.id)).limit(5),
    join: () => db.select().from(book).innerJoin(author, eq(author.id, book.author_id)).limit(5),
    transaction: (name, title) =>
      db.transaction(async (tx) => {
        const id = await addedId(tx, { name });
        await tx.insert(book).values({ title, author_id: id });
        await tx.update(author).set({ name: title }).where(eq(author.id, id));
      }),
    insertTaken: () => addedId(db, { id: 1, name: 'taken' }),
    close: () => pool.end(),
  };
}
