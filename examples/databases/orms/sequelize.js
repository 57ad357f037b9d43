/** Sequelize: models, an include, a managed transaction. */
import { DataTypes, Sequelize } from 'sequelize';

export async function open({ kind, user, database, password, host, port, connectionsMax }) {
  const sequelize = new Sequelize(database, user, password, {
    // Its dialect `mariadb` is another driver.
    dialect: kind === 'mariadb' ? 'mysql' : kind,
    host,
    port,
    logging: false,
    define: { timestamps: false, freezeTableName: true },
    pool: { max: connectionsMax },
  });
  const Author = sequelize.define('author', { name: DataTypes.STRING });
  const Book = sequelize.define('book', { title: DataTypes.STRING });
  Book.belongsTo(Author, { foreignKey: 'author_id' });
  return {
    insert: (name) => Author.create({ name }),
    select: () => Author.findAll({ order: ['id'], limit: 5 }),
    join: () => Book.findAll({ include: Author, limit: 5 }),
    transaction: (name, title) =>
      sequelize.transaction(async (transaction) => {
        const author = await Author.create({ name }, { transaction });
        await Book.create({ title, author_id: author.id }, { transaction });
        await author.update({ name: title }, { transaction });
      }),
    insertTaken: () => Author.create({ id: 1, name: 'taken' }),
    close: () => sequelize.close(),
  };
}
