/** TypeORM: repositories, a relation, a transaction. */
import { DataSource, EntitySchema } from 'typeorm';

const id = { type: Number, primary: true, generated: true };
const Author = new EntitySchema({
  name: 'author',
  columns: { id, name: { type: String, length: 100 } },
});
/** The same table: a key that the database generates is never sent. */
const Numbered = new EntitySchema({
  name: 'numbered',
  tableName: 'author',
  columns: { id: { type: Number, primary: true }, name: { type: String, length: 100 } },
});
const Book = new EntitySchema({
  name: 'book',
  columns: { id, title: { type: String, length: 100 } },
  relations: {
    author: { type: 'many-to-one', target: 'author', joinColumn: { name: 'author_id' } },
  },
});

export async function open({ kind, user, connectionsMax, ...place }) {
  const source = new DataSource({
    ...place,
    type: kind,
    username: user,
    // Versions before 1 take the driver `mysql` where it is installed too.
    connectorPackage: 'mysql2',
    entities: [Author, Numbered, Book],
    extra: kind === 'postgres' ? { max: connectionsMax } : { connectionLimit: connectionsMax },
  });
  await source.initialize();
  const authors = source.getRepository(Author);
  return {
    insert: (name) => authors.save({ name }),
    select: () => authors.find({ order: { id: 'ASC' }, take: 5 }),
    join: () => source.getRepository(Book).find({ relations: { author: true }, take: 5 }),
    transaction: (name, title) =>
      source.transaction(async (manager) => {
        const author = await manager.save(Author, { name });
        await manager.save(Book, { title, author });
        await manager.update(Author, { id: author.id }, { name: title });
      }),
    insertTaken: () => source.getRepository(Numbered).insert({ id: 1, name: 'taken' }),
    close: () => source.destroy(),
  };
}
