/** better-sqlite3, whose `verbose` is SQLite's trace: each statement that it runs. */
import Database from 'better-sqlite3';

const INSERT = 'INSERT INTO author (name) VALUES (?)';

export async function open({ file }) {
  let ran = 0;
  const db = new Database(file, {
    verbose: () => {
      ran += 1;
    },
  });
  const transaction = db.transaction((name, title) => {
    const { lastInsertRowid } = db.prepare(INSERT).run(name);
    db.prepare('INSERT INTO book (title, author_id) VALUES (?, ?)').run(title, lastInsertRowid);
    db.prepare('UPDATE author SET name = ? WHERE id = ?').run(title, lastInsertRowid);
  });
  return {
    insert: async (name) => db.prepare(INSERT).run(name),
    select: async () => db.prepare('SELECT id, name FROM author ORDER BY id LIMIT 5').all(),
    join: async () => [
      ...db
        .prepare('SELECT title, name FROM book JOIN author ON author.id = author_id LIMIT ?')
        .iterate(5),
    ],
    transaction: async (name, title) => transaction(name, title),
    insertTaken: async () => db.exec("INSERT INTO author (id, name) VALUES (1, 'taken')"),
    counted: async () => ran,
    close: async () => db.close(),
  };
}
