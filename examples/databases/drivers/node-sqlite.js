/** node:sqlite, which publishes SQLite's trace: each statement that it runs. */
import { subscribe } from 'node:diagnostics_channel';
import { DatabaseSync } from 'node:sqlite';

const INSERT = 'INSERT INTO author (name) VALUES (?)';

export async function open({ file }) {
  let ran = 0;
  subscribe('sqlite.db.query', () => {
    ran += 1;
  });
  const db = new DatabaseSync(file);
  return {
    insert: async (name) => db.prepare(INSERT).run(name),
    select: async () => db.prepare('SELECT id, name FROM author ORDER BY id LIMIT 5').all(),
    join: async () => [
      ...db
        .prepare('SELECT title, name FROM book JOIN author ON author.id = author_id LIMIT ?')
        .iterate(5),
    ],
    async transaction(name, title) {
      db.exec('BEGIN');
      const { lastInsertRowid } = db.prepare(INSERT).run(name);
      db.prepare('INSERT INTO book (title, author_id) VALUES (?, ?)').run(title, lastInsertRowid);
      db.prepare('UPDATE author SET name = ? WHERE id = ?').run(title, lastInsertRowid);
      db.exec('COMMIT');
    },
    insertTaken: async () => db.exec("INSERT INTO author (id, name) VALUES (1, 'taken')"),
    counted: async () => ran,
    close: async () => db.close(),
  };
}
