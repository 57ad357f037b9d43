/** Kysely over pg, mysql2 and libsql. Comments as in pg.js. */
import { Kysely, MysqlDialect, PostgresDialect, SqliteDialect } from 'kysely';
import mysql from 'mysql2';
import pg from 'pg';
import { openSqlite } from '../sqlite-database.js';

export async function open(place) {
  const db = new Kysely({ dialect: await dialectOf(place) });
  return { scenarios: scenariosOf(db), close: () => db.destroy() };
}

async function dialectOf({ kind, sqlite, connectionsMax, ...place }) {
  switch (kind) {
    case 'postgres':
      return new PostgresDialect({ pool: new pg.Pool({ ...place, max: connectionsMax }) });
    case 'mariadb': {
      const pool = mysql.createPool({ ...place, connectionLimit: connectionsMax });
      return new MysqlDialect({ pool });
    }
    default:
      return new SqliteDialect({ database: await openSqlite(sqlite) });
  }
}

function scenariosOf(db) {
  const all = () => db.selectFrom('author').select('id').orderBy('id').execute();
  const books = (id) => db.selectFrom('book').where('author_id', '=', id);
  return {
    sequential: async () => {
      for (const { id } of await all()) {
        await books(id).select('title').execute(); // finds sequential n_plus_one
      }
    },
    // V8 does not know of a function that is not async, once what it called has awaited.
    parallel: async () => {
      const ask = (id) => books(id).select('id').execute();
      await Promise.all((await all()).map(({ id }) => ask(id))); // finds parallel n_plus_one
    },
    batched: async () => {
      const ids = (await all()).map(({ id }) => id);
      await db.selectFrom('book').where('author_id', 'in', ids).select('title').execute();
    },
    duplicate: async () => {
      for (let i = 0; i < 4; i++) {
        const author = db.selectFrom('author').where('id', '=', 7).select('name');
        await author.executeTakeFirst(); // finds duplicate duplicate_query
      }
    },
    'single-inserts': async () => {
      for (let i = 0; i < 8; i++) {
        const insert = db.insertInto('note').values({ body: `n${i}` });
        await insert.execute(); // finds single-inserts single_row_writes
      }
    },
    'bulk-insert': () =>
      db
        .insertInto('note')
        .values([{ body: 'a' }, { body: 'b' }])
        .execute(),
    'single-updates': async () => {
      for (const { id } of await all()) {
        const update = db.updateTable('author').set({ name: 'n' }).where('id', '=', id);
        await update.execute(); // finds single-updates n_plus_one_write
      }
    },
  };
}
