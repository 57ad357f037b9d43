/** MikroORM: a unit of work for each request, a populated relation, a transaction. */
import { EntitySchema } from '@mikro-orm/core';
import { MikroORM as Mysql } from '@mikro-orm/mysql';
import { MikroORM as Postgres } from '@mikro-orm/postgresql';

const Author = new EntitySchema({
  name: 'Author',
  tableName: 'author',
  properties: { id: { type: 'number', primary: true }, name: { type: 'string' } },
});
const Book = new EntitySchema({
  name: 'Book',
  tableName: 'book',
  properties: {
    id: { type: 'number', primary: true },
    title: { type: 'string' },
    author: { kind: 'm:1', entity: () => Author, fieldName: 'author_id' },
  },
});

export async function open({ kind, database, connectionsMax, ...place }) {
  const orm = await (kind === 'postgres' ? Postgres : Mysql).init({
    ...place,
    dbName: database,
    entities: [Author, Book],
    pool: { min: 0, max: connectionsMax },
  });
  return {
    insert: (name) => orm.em.fork().insert(Author, { name }),
    select: () => orm.em.fork().find(Author, {}, { orderBy: { id: 'asc' }, limit: 5 }),
    join: () => orm.em.fork().find(Book, {}, { populate: ['author'], limit: 5 }),
    transaction: (name, title) =>
      orm.em.fork().transactional(async (em) => {
        const author = em.create(Author, { name });
        em.create(Book, { title, author });
        await em.flush();
        author.name = title;
      }),
    insertTaken: () => orm.em.fork().insert(Author, { id: 1, name: 'taken' }),
    close: () => orm.close(),
  };
}
