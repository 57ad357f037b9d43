/** Knex over pg, mysql2 and libsql. Comments as in pg.js. */
import knex from 'knex';
import BetterSqlite from 'knex/lib/dialects/better-sqlite3/index.js';
import { knexOptions } from '../sqlite-database.js';

export async function open(place) {
  const db = knex(await knexOptions(BetterSqlite, place));
  return { scenarios: scenariosOf(db), close: () => db.destroy() };
}

function scenariosOf(db) {
  const authors = () => db('author').select('id').orderBy('id');
  return {
    sequential: async () => {
      for (const { id } of await authors()) {
        await db('book').where({ author_id: id }).select('title'); // finds sequential n_plus_one
      }
    },
    parallel: async () => {
      const ask = async (id) => {
        return await db('book').where({ author_id: id }).select('id'); // finds parallel n_plus_one
      };
      await Promise.all((await authors()).map(({ id }) => ask(id)));
    },
    raw: async () => {
      for (const { id } of await authors()) {
        await db.raw('SELECT id, title FROM book WHERE author_id = ?', [id]); // finds raw n_plus_one
      }
    },
    batched: async () => {
      const ids = (await authors()).map(({ id }) => id);
      await db('book').whereIn('author_id', ids).select('title');
    },
    joined: () => db('author').join('book', 'author.id', 'book.author_id').select('title').limit(9),
    duplicate: async () => {
      for (let i = 0; i < 4; i++) {
        await db('author').where({ id: 7 }).first('name'); // finds duplicate duplicate_query
      }
    },
    'single-inserts': async () => {
      for (let i = 0; i < 8; i++) {
        await db('note').insert({ body: `n${i}` }); // finds single-inserts single_row_writes
      }
    },
    'bulk-insert': () => db('note').insert([{ body: 'a' }, { body: 'b' }, { body: 'c' }]),
    'single-updates': async () => {
      for (const { id } of await authors()) {
        await db('author').where({ id }).update({ name: 'n' }); // finds single-updates n_plus_one_write
      }
    },
    pages: async () => {
      for (let page = 0; page < 7; page++) {
        const from = page * 10;
        await db('book').select('id').orderBy('id').limit(10).offset(from); // finds pages pagination_loop
      }
    },
    transaction: () =>
      db.transaction(async (trx) => {
        const [added] = await trx('note').insert({ body: 'a' }, ['id']);
        const id = added.id ?? added;
        await trx('note').where({ id }).update({ body: 'b' });
      }),
  };
}
