/** The tables of the truth suite: 20 authors with 3 books each, a review a book, 1,500 readings of many columns. */

const AUTHORS = 20;
const BOOKS = 60;
const READINGS = 1500;
const KEYS = {
  postgres: 'SERIAL PRIMARY KEY',
  mariadb: 'INTEGER AUTO_INCREMENT PRIMARY KEY',
  sqlite: 'INTEGER PRIMARY KEY AUTOINCREMENT',
};

/**
 * @param {keyof typeof KEYS} kind
 * @returns {string[]} Statements that make the tables with their rows.
 */
export function schemaOf(kind) {
  const key = KEYS[kind];
  const rows = (count, row) => Array.from({ length: count }, (_, i) => row(i + 1)).join(', ');
  return [
    `CREATE TABLE author (id ${key}, name VARCHAR(100))`,
    `CREATE TABLE book (id ${key}, title VARCHAR(100), author_id INTEGER)`,
    `CREATE TABLE review (id ${key}, score INTEGER, book_id INTEGER)`,
    `CREATE TABLE reading (id ${key}, a INTEGER, b INTEGER, c INTEGER, d VARCHAR(100))`,
    `CREATE TABLE note (id ${key}, body VARCHAR(100))`,
    'CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER)',
    `INSERT INTO author (name) VALUES ${rows(AUTHORS, (i) => `('author ${i}')`)}`,
    `INSERT INTO book (title, author_id) VALUES ${rows(BOOKS, (i) => `('book ${i}', ${((i - 1) % AUTHORS) + 1})`)}`,
    `INSERT INTO review (score, book_id) VALUES ${rows(BOOKS, (i) => `(${i % 5}, ${i})`)}`,
    `INSERT INTO reading (a, b, c, d) VALUES ${rows(READINGS, (i) => `(${i}, 1, 2, 'reading ${i}')`)}`,
    `INSERT INTO counter (id, n) VALUES ${rows(5, (i) => `(${i}, 0)`)}`,
  ];
}
