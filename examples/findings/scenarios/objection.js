/** Objection over Knex, and that over pg, mysql2 and libsql. Comments as in pg.js. */
import knex from 'knex';
import BetterSqlite from 'knex/lib/dialects/better-sqlite3/index.js';
import objection from 'objection';
import { knexOptions } from '../sqlite-database.js';

class Book extends objection.Model {
  static tableName = 'book';
}
class Note extends objection.Model {
  static tableName = 'note';
}
class Author extends objection.Model {
  static tableName = 'author';
  static relationMappings = {
    books: {
      relation: objection.Model.HasManyRelation,
      modelClass: Book,
      join: { from: 'author.id', to: 'book.author_id' },
    },
  };
}

export async function open(place) {
  const db = knex(await knexOptions(BetterSqlite, place));
  objection.Model.knex(db);
  return { scenarios: scenariosOf(), close: () => db.destroy() };
}

function scenariosOf() {
  const all = () => Author.query().orderBy('id');
  return {
    sequential: async () => {
      for (const { id } of await all()) {
        await Book.query().where('author_id', id); // finds sequential n_plus_one
      }
    },
    related: async () => {
      for (const author of await all()) {
        await author.$relatedQuery('books').select('title'); // finds related n_plus_one
      }
    },
    eager: () => Author.query().withGraphFetched('books'),
    batched: async () => {
      const ids = (await all()).map(({ id }) => id);
      await Book.query().whereIn('author_id', ids);
    },
    duplicate: async () => {
      for (let i = 0; i < 4; i++) {
        await Author.query().findById(7); // finds duplicate duplicate_query
      }
    },
    'single-inserts': async () => {
      for (let i = 0; i < 8; i++) {
        await Note.query().insert({ body: `n${i}` }); // finds single-inserts single_row_writes
      }
    },
    // Its own insert takes a list in PostgreSQL alone.
    'bulk-insert': () => Note.knexQuery().insert([{ body: 'a' }, { body: 'b' }, { body: 'c' }]),
    'single-updates': async () => {
      for (const { id } of await all()) {
        await Author.query().findById(id).patch({ name: 'n' }); // finds single-updates n_plus_one_write
      }
    },
  };
}
