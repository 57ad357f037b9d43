/** GraphQL's resolvers over pg, with and without a DataLoader between them. Comments as in pg.js. */
import {
  GraphQLInt,
  GraphQLList,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  graphql,
} from 'graphql';
import pg from 'pg';

const QUERY = '{ books { title author { name } } }';

export async function open({ connectionsMax, kind: _, dataloader, ...place }) {
  const pool = new pg.Pool({ ...place, max: connectionsMax });
  const { default: DataLoader } = await import(dataloader);
  return { scenarios: scenariosOf(pool, DataLoader), close: () => pool.end() };
}

/** `authorOf` resolves the author of a book. */
function schemaOf(pool, authorOf) {
  const author = new GraphQLObjectType({
    name: 'Author',
    fields: { name: { type: GraphQLString } },
  });
  const book = new GraphQLObjectType({
    name: 'Book',
    fields: {
      id: { type: GraphQLInt },
      title: { type: GraphQLString },
      author: { type: author, resolve: authorOf },
    },
  });
  const books = {
    type: new GraphQLList(book),
    resolve: async () =>
      (await pool.query('SELECT id, title, author_id FROM book ORDER BY id LIMIT 20')).rows,
  };
  return new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: { books } }) });
}

async function ask(schema, contextValue) {
  const { data, errors } = await graphql({ schema, source: QUERY, contextValue });
  if (errors !== undefined || data.books.length !== 20 || data.books[0].author === null) {
    throw new Error(`expected 20 books with their authors, got ${errors}`);
  }
}

function scenariosOf(pool, DataLoader) {
  const one = async ({ author_id: id }) => {
    const { rows } = await pool.query('SELECT name FROM author WHERE id = $1', [id]); // finds unbatched n_plus_one
    return rows[0];
  };
  const load = async (ids) => {
    const { rows } = await pool.query('SELECT id, name FROM author WHERE id = ANY($1)', [ids]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id));
  };
  const loadEach = (ids) =>
    Promise.all(
      ids.map(async (id) => {
        const { rows } = await pool.query('SELECT id, name FROM author WHERE id = $1', [id]); // finds loader-of-ones n_plus_one
        return rows[0];
      }),
    );
  const byLoader = (book, _args, loader) => loader.load(book.author_id);
  const [plain, loaded] = [schemaOf(pool, one), schemaOf(pool, byLoader)];
  return {
    unbatched: () => ask(plain),
    dataloader: () => ask(loaded, new DataLoader(load)),
    'dataloader-twice': async () => {
      const loader = new DataLoader(load);
      await ask(loaded, loader);
      await ask(loaded, loader);
    },
    // Batches of five are four queries with lists.
    'dataloader-batches': () => ask(loaded, new DataLoader(load, { maxBatchSize: 5 })),
    'loader-of-ones': () => ask(loaded, new DataLoader(loadEach)),
  };
}
