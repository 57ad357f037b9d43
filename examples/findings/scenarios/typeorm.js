/** TypeORM over pg, mysql2 and libsql. Comments as in pg.js. */
import { DataSource, EntitySchema, In } from 'typeorm';
import { openSqlite } from '../sqlite-database.js';

const id = { type: Number, primary: true, generated: true };
const Author = new EntitySchema({
  name: 'author',
  columns: { id, name: { type: String, length: 100 } },
  relations: { books: { type: 'one-to-many', target: 'book', inverseSide: 'author' } },
});
const Book = new EntitySchema({
  name: 'book',
  columns: { id, title: { type: String, length: 100 } },
  relations: {
    author: { type: 'many-to-one', target: 'author', joinColumn: { name: 'author_id' } },
  },
});
const Note = new EntitySchema({ name: 'note', columns: { id, body: { type: String } } });

export async function open({ kind, user, connectionsMax, sqlite, ...place }) {
  const entities = [Author, Book, Note];
  const source = new DataSource(
    kind === 'sqlite'
      ? { type: 'better-sqlite3', ...(await inMemory(sqlite)), entities }
      : {
          ...place,
          type: kind,
          username: user,
          entities,
          extra: kind === 'postgres' ? { max: connectionsMax } : {},
        },
  );
  await source.initialize();
  return { scenarios: scenariosOf(source), close: () => source.destroy() };
}

/** TypeORM makes the database itself, and is given the one that has the tables. */
async function inMemory(sqlite) {
  const made = await openSqlite(sqlite);
  return {
    database: ':memory:',
    driver: function Database() {
      return made;
    },
  };
}

function scenariosOf(source) {
  const [authors, books, notes] = [Author, Book, Note].map((of) => source.getRepository(of));
  const all = () => authors.find({ order: { id: 'ASC' } });
  return {
    sequential: async () => {
      for (const author of await all()) {
        await books.findBy({ author: { id: author.id } }); // finds sequential n_plus_one
      }
    },
    // V8 does not know of a function that is not async, once what it called has awaited.
    parallel: async () => {
      const ask = (author) => books.countBy({ author: { id: author.id } });
      await Promise.all((await all()).map(ask)); // finds parallel n_plus_one
    },
    builder: async () => {
      for (const author of await all()) {
        const asked = books.createQueryBuilder('b').where('b.author = :id', { id: author.id });
        await asked.getMany(); // finds builder n_plus_one
      }
    },
    eager: () => authors.find({ relations: { books: true }, order: { id: 'ASC' } }),
    batched: async () => {
      const ids = (await all()).map((author) => author.id);
      await books.findBy({ author: { id: In(ids) } });
    },
    duplicate: async () => {
      for (let i = 0; i < 4; i++) {
        await authors.findOneBy({ id: 7 }); // finds duplicate duplicate_query
      }
    },
    'single-inserts': async () => {
      for (let i = 0; i < 8; i++) {
        await notes.insert({ body: `n${i}` }); // finds single-inserts single_row_writes
      }
    },
    'bulk-insert': () => notes.insert([{ body: 'a' }, { body: 'b' }, { body: 'c' }]),
    'single-updates': async () => {
      for (const author of await all()) {
        await authors.update({ id: author.id }, { name: 'n' }); // finds single-updates n_plus_one_write
      }
    },
    transaction: () =>
      source.transaction(async (manager) => {
        await manager.insert(Note, { body: 'a' });
        await manager.update(Note, { body: 'x' }, { body: 'y' });
      }),
  };
}
