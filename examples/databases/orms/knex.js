/** Knex: its builder, a join, a transaction. */
import knex from 'knex';

export async function open({ kind, connectionsMax, ...connection }) {
  const client = kind === 'postgres' ? 'pg' : 'mysql2';
  const db = knex({ client, connection, pool: { min: 0, max: connectionsMax } });
  return {
    insert: (name) => db('author').insert({ name }),
    select: () => db('author').select('id', 'name').orderBy('id').limit(5),
    join: () => db('book').join('author', 'author.id', 'book.author_id').select('title').limit(5),
    transaction: (name, title) =>
      db.transaction(async (trx) => {
        const [row] = await trx('author').insert({ name }, ['id']);
        const id = row.id ?? row;
        await trx('book').insert({ title, author_id: id });
        await trx('author').where({ id }).update({ name: title });
      }),
    insertTaken: () => db('author').insert({ id: 1, name: 'taken' }),
    close: () => db.destroy(),
  };
}
