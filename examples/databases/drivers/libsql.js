/** libsql: statements that are kept, for SQLite counts the runs of those that are there (its table `sqlite_stmt`). */
import Database from 'libsql';

export async function open({ file }) {
  const db = new Database(file);
  const insert = db.prepare('INSERT INTO author (name) VALUES (?)');
  const select = db.prepare('SELECT id, name FROM author ORDER BY id LIMIT 5');
  const join = db.prepare(
    'SELECT title, name FROM book JOIN author ON author.id = author_id LIMIT ?',
  );
  const insertBook = db.prepare('INSERT INTO book (title, author_id) VALUES (?, ?)');
  const update = db.prepare('UPDATE author SET name = ? WHERE id = ?');
  const begin = db.prepare('BEGIN');
  const commit = db.prepare('COMMIT');
  const insertTaken = db.prepare("INSERT INTO author (id, name) VALUES (1, 'taken')");
  const count = db.prepare('SELECT SUM(run) AS ran FROM sqlite_stmt');
  return {
    insert: async (name) => insert.run(name),
    select: async () => select.all(),
    join: async () => [...join.iterate(5)],
    async transaction(name, title) {
      begin.run();
      const { lastInsertRowid } = insert.run(name);
      insertBook.run(title, lastInsertRowid);
      update.run(title, lastInsertRowid);
      commit.run();
    },
    insertTaken: async () => insertTaken.run(),
    counted: async () => count.get().ran,
    close: async () => db.close(),
  };
}
