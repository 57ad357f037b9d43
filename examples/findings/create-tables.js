/** A database of its own for a run, with the tables of tables.js, on a real server. */
import mysql from 'mysql2/promise';
import pg from 'pg';
import { schemaOf } from './tables.js';

/**
 * @param {'postgres' | 'mariadb'} kind
 * @param {string} url Of who may create databases.
 * @param {string} database
 */
export async function createTables(kind, url, database) {
  const own = Object.assign(new URL(url), { pathname: database }).href;
  await asked(kind, url, [`CREATE DATABASE ${database}`]);
  await asked(kind, own, schemaOf(kind));
}

async function asked(kind, url, statements) {
  const client =
    kind === 'postgres'
      ? new pg.Client({ connectionString: url })
      : await mysql.createConnection(url);
  if (kind === 'postgres') await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
