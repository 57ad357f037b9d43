/** Objection over Knex: models, a fetched graph, a transaction. */
import knex from 'knex';
import objection from 'objection';

class Author extends objection.Model {
  static tableName = 'author';
}
class Book extends objection.Model {
  static tableName = 'book';
  static relationMappings = {
    author: {
      relation: objection.Model.BelongsToOneRelation,
      modelClass: Author,
      join: { from: 'book.author_id', to: 'author.id' },
    },
  };
}

export async function open({ kind, connectionsMax, ...connection }) {
  const client = kind === 'postgres' ? 'pg' : 'mysql2';
  const db = knex({ client, connection, pool: { min: 0, max: connectionsMax } });
  objection.Model.knex(db);
  return {
    insert: (name) => Author.query().insert({ name }),
    select: () => Author.query().orderBy('id').limit(5),
    join: () => Book.query().withGraphFetched('author').limit(5),
    transaction: (name, title) =>
      Author.transaction(async (trx) => {
        const { id } = await Author.query(trx).insert({ name });
        await Book.query(trx).insert({ title, author_id: id });
        await Author.query(trx).findById(id).patch({ name: title });
      }),
    insertTaken: () => Author.query().insert({ id: 1, name: 'taken' }),
    close: () => db.destroy(),
  };
}
