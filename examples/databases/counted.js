/**
 * What the database servers themselves counted: PostgreSQL by its log of all statements, MariaDB by its general
 * log. Each run has a database of its own, by whose name its statements are told from all others.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import pg from 'pg';

/** Rows that every run begins with; the first author's key is the one that /error inserts again. */
const ROWS = [
  "INSERT INTO author (name) VALUES ('a'), ('b'), ('c'), ('d'), ('e')",
  "INSERT INTO book (title, author_id) VALUES ('f', 1), ('g', 2), ('h', 3), ('i', 4), ('j', 5)",
];

/** @param {string} key */
export const schema = (key) => [
  `CREATE TABLE author (id ${key} PRIMARY KEY, name VARCHAR(100))`,
  `CREATE TABLE book (id ${key} PRIMARY KEY, title VARCHAR(100), author_id INTEGER)`,
  ...ROWS,
];

/**
 * @typedef {object} Counted
 * @property {(database: string) => Promise<string | undefined>} create Makes a database with its tables and rows;
 *   gives its file, where it is one.
 * @property {(database: string, port?: number) => Promise<number>} queries That were sent for it so far: statements,
 *   and executions of prepared ones. `port` is the application's.
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} url Of a superuser, on a server of this machine.
 * @returns {Promise<Counted>}
 */
export async function countPostgres(url) {
  const client = await connectedTo(url);
  // "database LOG:  statement: SELECT 1"; the further lines of a statement begin with a tab.
  await client.query("ALTER SYSTEM SET log_line_prefix = '%d '");
  await client.query("ALTER SYSTEM SET log_statement = 'all'");
  await client.query('SELECT pg_reload_conf()');
  const { rows } = await client.query('SHOW data_directory');
  const log = join(rows[0].data_directory, '../server.log');
  return {
    create: (database) => createInPostgres(url, database),
    async queries(database) {
      const sent = new RegExp(`^${database} LOG: {2}(?:statement|execute [^:]+): `, 'gm');
      return readFileSync(log, 'utf8').match(sent)?.length ?? 0;
    },
    close: () => client.end(),
  };
}

/**
 * A database with its tables and rows.
 *
 * @param {string} url Of a superuser.
 * @param {string} database
 * @returns {Promise<undefined>}
 */
export async function createInPostgres(url, database) {
  const client = await connectedTo(url);
  await client.query(`CREATE DATABASE ${database}`);
  await client.end();
  const own = await connectedTo(Object.assign(new URL(url), { pathname: database }).href);
  for (const statement of schema('SERIAL')) await own.query(statement);
  await own.end();
}

/** @param {string} url */
async function connectedTo(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/**
 * The same on MariaDB.
 *
 * @param {string} url Of a user who may create databases.
 * @param {string} database
 * @returns {Promise<undefined>}
 */
export async function createInMariadb(url, database) {
  const connection = await mysql.createConnection(url);
  await connection.query(`CREATE DATABASE ${database}`);
  await connection.changeUser({ database });
  for (const statement of schema('INTEGER AUTO_INCREMENT')) await connection.query(statement);
  await connection.end();
}

/**
 * @param {string} url Of a user who may set global variables.
 * @returns {Promise<Counted>}
 */
export async function countMariadb(url) {
  const connection = await mysql.createConnection(url);
  await connection.query("SET GLOBAL log_output = 'TABLE', GLOBAL general_log = ON");
  return {
    create: (database) => createInMariadb(url, database),
    async queries(database) {
      // "user@host on database using TCP/IP"
      const [[row]] = await connection.query(
        `SELECT COUNT(*) AS sent FROM mysql.general_log
        WHERE command_type IN ('Query', 'Execute') AND thread_id IN
          (SELECT thread_id FROM mysql.general_log WHERE command_type = 'Connect' AND argument LIKE ?)`,
        [`% on ${database} using %`],
      );
      return row.sent;
    },
    close: () => connection.end(),
  };
}
