/** MikroORM over pg and mysql2: a unit of work for each scenario. Comments as in pg.js. */
import { EntitySchema } from '@mikro-orm/core';
import { MikroORM as Mysql } from '@mikro-orm/mysql';
import { MikroORM as Postgres } from '@mikro-orm/postgresql';

const id = { type: 'number', primary: true };
const Author = new EntitySchema({
  name: 'Author',
  tableName: 'author',
  properties: {
    id,
    name: { type: 'string' },
    books: { kind: '1:m', entity: () => Book, mappedBy: 'author' },
  },
});
const Book = new EntitySchema({
  name: 'Book',
  tableName: 'book',
  properties: {
    id,
    title: { type: 'string' },
    author: { kind: 'm:1', entity: () => Author, fieldName: 'author_id' },
  },
});
const Note = new EntitySchema({
  name: 'Note',
  tableName: 'note',
  properties: { id, body: { type: 'string' } },
});

export async function open({ kind, database, connectionsMax, ...place }) {
  const orm = await (kind === 'postgres' ? Postgres : Mysql).init({
    ...place,
    dbName: database,
    entities: [Author, Book, Note],
    pool: { min: 0, max: connectionsMax },
  });
  return { scenarios: scenariosOf(orm), close: () => orm.close() };
}

function scenariosOf(orm) {
  const all = (em) => em.find(Author, {}, { orderBy: { id: 'asc' } });
  return {
    sequential: async () => {
      const em = orm.em.fork();
      for (const author of await all(em)) {
        await em.find(Book, { author: author.id }); // finds sequential n_plus_one
      }
    },
    lazy: async () => {
      for (const author of await all(orm.em.fork())) {
        await author.books.init(); // finds lazy n_plus_one
      }
    },
    eager: () => orm.em.fork().find(Author, {}, { populate: ['books'] }),
    batched: async () => {
      const em = orm.em.fork();
      const ids = (await all(em)).map((author) => author.id);
      await em.find(Book, { author: { $in: ids } });
    },
    identity: async () => {
      const em = orm.em.fork();
      for (let i = 0; i < 6; i++) await em.findOne(Author, 7);
    },
    duplicate: async () => {
      for (let i = 0; i < 4; i++) {
        await orm.em.fork().findOne(Author, { id: 7 }); // finds duplicate duplicate_query
      }
    },
    'single-inserts': async () => {
      const em = orm.em.fork();
      for (let i = 0; i < 8; i++) {
        await em.insert(Note, { body: `n${i}` }); // finds single-inserts single_row_writes
      }
    },
    'unit-of-work': async () => {
      const em = orm.em.fork();
      for (let i = 0; i < 6; i++) em.create(Note, { body: `n${i}` });
      await em.flush();
    },
    'single-updates': async () => {
      const em = orm.em.fork();
      for (const author of await all(em)) {
        await em.nativeUpdate(Author, { id: author.id }, { name: 'n' }); // finds single-updates n_plus_one_write
      }
    },
  };
}
