/** Kysely: its builder over pg and mysql2, a join, a transaction. */
import { Kysely, MysqlDialect, PostgresDialect } from 'kysely';
import mysql from 'mysql2';
import pg from 'pg';

export async function open({ kind, connectionsMax, ...place }) {
  const dialect =
    kind === 'postgres'
      ? new PostgresDialect({ pool: new pg.Pool({ ...place, max: connectionsMax }) })
      : new MysqlDialect({ pool: mysql.createPool({ ...place, connectionLimit: connectionsMax }) });
  const db = new Kysely({ dialect });
  const insert = (to, table, values) => to.insertInto(table).values(values);
  return {
    insert: (name) => insert(db, 'author', { name }).execute(),
    select: () => db.selectFrom('author').select(['id', 'name']).orderBy('id').limit(5).execute(),
    join: () =>
      db
        .selectFrom('book')
        .innerJoin('author', 'author.id', 'book.author_id')
        .select(['title', 'name'])
        .limit(5)
        .execute(),
    transaction: (name, title) =>
      db.transaction().execute(async (trx) => {
        const added = insert(trx, 'author', { name });
        const { id, insertId } = await (kind === 'postgres'
          ? added.returning('id')
          : added
        ).executeTakeFirstOrThrow();
        const author_id = id ?? Number(insertId);
        await insert(trx, 'book', { title, author_id }).execute();
        await trx.updateTable('author').set({ name: title }).where('id', '=', author_id).execute();
      }),
    insertTaken: () => insert(db, 'author', { id: 1, name: 'taken' }).execute(),
    close: () => db.destroy(),
  };
}
