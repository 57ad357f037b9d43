/**
 * What the matrix of check.js tries: each driver, and each ORM and query builder, in exact versions, newest first
 * and then the oldest that is tested, on which databases and from which Node on. Installed on demand
 * (bench/npm-folder.js), never in package.json.
 */
import { generatePrismaClient } from './prisma-client.js';

/** The newest versions of the drivers that ORMs stand on. */
const BELOW = { pg: '8.23.1', mysql2: '3.24.6' };
const BOTH = ['postgres', 'mariadb'];

/**
 * @typedef {object} Library
 * @property {string} version What the table prints.
 * @property {Readonly<Record<string, string>>} packages Exact versions, drivers included.
 * @property {readonly string[]} databases
 * @property {number} nodeMajorMin What the library itself asks for.
 * @property {number} [asksAtOpening] What a driver itself asks each new connection: it is time of the connection's.
 * @property {number} [asksToCount] Queries by which the library itself is asked how many it made.
 * @property {(folder: string) => void} [prepare] What has to be done with the installed packages.
 */

/** @type {Readonly<Record<string, readonly Library[]>>} By the name of its file in drivers/. */
export const DRIVERS = {
  pg: ['8.23.1', '8.0.3'].map((pg) => driver('postgres', pg, { pg })),
  // It asks for the types of the database.
  postgres: ['3.4.9', '3.3.5'].map((postgres) => ({
    ...driver('postgres', postgres, { postgres }),
    asksAtOpening: 1,
  })),
  mysql2: ['3.24.6', '3.0.1', '2.3.3'].map((mysql2) => driver('mariadb', mysql2, { mysql2 })),
  mysql: ['2.18.1', '2.16.0'].map((mysql) => driver('mariadb', mysql, { mysql })),
  mariadb: [
    // It sets the collation.
    { ...driver('mariadb', '3.5.4', { mariadb: '3.5.4' }), asksAtOpening: 1 },
    driver('mariadb', '3.1.2', { mariadb: '3.1.2' }),
    driver('mariadb', '3.0.2', { mariadb: '3.0.2' }),
  ],
  'better-sqlite3': [
    { ...driver('sqlite', '13.2.0', { 'better-sqlite3': '13.2.0' }), nodeMajorMin: 22 },
  ],
  libsql: ['0.5.29', '0.4.7', '0.3.19'].map((libsql) => ({
    ...driver('sqlite', libsql, { libsql }),
    // To count is a query, too.
    asksToCount: 1,
  })),
  // SQLite's own trace is told since then.
  'node-sqlite': [{ ...driver('sqlite', 'builtin', {}), nodeMajorMin: 26 }],
};

/** @type {Readonly<Record<string, readonly Library[]>>} By the name of its file in orms/. */
export const ORMS = {
  typeorm: ['1.1.1', '0.3.12'].map((typeorm) =>
    orm(typeorm, { typeorm, 'reflect-metadata': '0.2.2' }),
  ),
  sequelize: ['6.37.8', '6.17.0'].map((sequelize) => orm(sequelize, { sequelize })),
  knex: ['3.3.0', '1.0.1'].map((knex) => orm(knex, { knex })),
  kysely: ['0.29.9', '0.24.2'].map((kysely) => orm(kysely, { kysely })),
  drizzle: ['0.45.4', '0.29.5'].map((drizzle) => orm(drizzle, { 'drizzle-orm': drizzle })),
  mikro: [{ ...mikro('7.2.1'), nodeMajorMin: 22 }, mikro('6.6.16')],
  prisma: [
    {
      version: '7.10.0',
      packages: {
        prisma: '7.10.0',
        '@prisma/client': '7.10.0',
        '@prisma/adapter-pg': '7.10.0',
        pg: BELOW.pg,
      },
      // Its adapter for MariaDB stands on the driver `mariadb`.
      databases: ['postgres'],
      nodeMajorMin: 20,
      prepare: generatePrismaClient,
    },
  ],
  objection: [
    orm('3.1.5', { objection: '3.1.5', knex: '3.3.0' }),
    orm('3.0.1', { objection: '3.0.1', knex: '1.0.1' }),
  ],
};

/**
 * @param {string} database
 * @param {string} version
 * @param {Readonly<Record<string, string>>} packages
 * @returns {Library}
 */
function driver(database, version, packages) {
  return { version, packages, databases: [database], nodeMajorMin: 20 };
}

/** @param {string} version */
function mikro(version) {
  const names = ['core', 'postgresql', 'mysql'].map((name) => `@mikro-orm/${name}`);
  return orm(version, Object.fromEntries(names.map((name) => [name, version])));
}

/**
 * @param {string} version
 * @param {Readonly<Record<string, string>>} packages
 * @returns {Library}
 */
function orm(version, packages) {
  return { version, packages: { ...packages, ...BELOW }, databases: BOTH, nodeMajorMin: 20 };
}
