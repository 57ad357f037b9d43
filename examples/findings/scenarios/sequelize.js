/** Sequelize over pg and mysql2. Comments as in pg.js. */
import { DataTypes, Sequelize } from 'sequelize';

export async function open({ kind, user, database, password, host, port, connectionsMax }) {
  const sequelize = new Sequelize(database, user, password, {
    dialect: kind,
    host,
    port,
    logging: false,
    define: { timestamps: false, freezeTableName: true },
    pool: { max: connectionsMax },
  });
  return { scenarios: scenariosOf(sequelize), close: () => sequelize.close() };
}

function scenariosOf(sequelize) {
  const Author = sequelize.define('author', { name: DataTypes.STRING });
  const Book = sequelize.define('book', { title: DataTypes.STRING });
  const Note = sequelize.define('note', { body: DataTypes.STRING });
  Book.belongsTo(Author, { foreignKey: 'author_id' });
  Author.hasMany(Book, { foreignKey: 'author_id' });
  const all = () => Author.findAll({ order: ['id'] });
  return {
    sequential: async () => {
      for (const author of await all()) {
        await author.getBooks(); // finds sequential n_plus_one
      }
    },
    // V8 does not know of a function that is not async, once what it called has awaited.
    parallel: async () => {
      const ask = (author) => Book.count({ where: { author_id: author.id } });
      await Promise.all((await all()).map(ask)); // finds parallel n_plus_one
    },
    eager: () => Author.findAll({ include: Book, order: ['id'] }),
    batched: async () => {
      const author_id = (await all()).map(({ id }) => id);
      await Book.findAll({ where: { author_id } });
    },
    duplicate: async () => {
      for (let i = 0; i < 4; i++) {
        await Author.findByPk(7); // finds duplicate duplicate_query
      }
    },
    'single-inserts': async () => {
      for (let i = 0; i < 8; i++) {
        await Note.create({ body: `n${i}` }); // finds single-inserts single_row_writes
      }
    },
    'bulk-insert': () => Note.bulkCreate([{ body: 'a' }, { body: 'b' }, { body: 'c' }]),
    'single-updates': async () => {
      for (const { id } of await all()) {
        await Author.update({ name: 'n' }, { where: { id } }); // finds single-updates n_plus_one_write
      }
    },
    transaction: () =>
      sequelize.transaction(async (transaction) => {
        const note = await Note.create({ body: 'a' }, { transaction });
        await note.update({ body: 'b' }, { transaction });
      }),
  };
}
