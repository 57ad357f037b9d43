/**
 * What the matrix of check.js tries: each ORM and query builder in an exact version with its driver's, on
 * which databases and from which Node on. Installed on demand (bench/npm-folder.js), never in package.json.
 */
import { generatePrismaClient } from './prisma-client.js';

/** The newest versions of the drivers that stand below. */
const DRIVERS = { pg: '8.23.1', mysql2: '3.24.6' };
const BOTH = ['postgres', 'mariadb'];

/**
 * @typedef {object} Orm
 * @property {string} version What the table prints.
 * @property {Readonly<Record<string, string>>} packages Exact versions, drivers included.
 * @property {readonly string[]} databases
 * @property {number} nodeMajorMin What the library itself asks for.
 * @property {(folder: string) => void} [prepare] What has to be done with the installed packages.
 */

/** @type {Readonly<Record<string, Orm>>} */
export const ORMS = {
  typeorm: orm('1.1.1', { typeorm: '1.1.1', 'reflect-metadata': '0.2.2' }),
  sequelize: orm('6.37.8', { sequelize: '6.37.8' }),
  knex: orm('3.3.0', { knex: '3.3.0' }),
  kysely: orm('0.29.9', { kysely: '0.29.9' }),
  drizzle: orm('0.45.4', { 'drizzle-orm': '0.45.4' }),
  mikro: {
    ...orm('7.2.1', {
      '@mikro-orm/core': '7.2.1',
      '@mikro-orm/postgresql': '7.2.1',
      '@mikro-orm/mysql': '7.2.1',
    }),
    nodeMajorMin: 22,
  },
  prisma: {
    version: '7.10.0',
    packages: {
      prisma: '7.10.0',
      '@prisma/client': '7.10.0',
      '@prisma/adapter-pg': '7.10.0',
      pg: DRIVERS.pg,
    },
    // Its adapter for MariaDB stands on the driver `mariadb`.
    databases: ['postgres'],
    nodeMajorMin: 20,
    prepare: generatePrismaClient,
  },
  objection: orm('3.1.5', { objection: '3.1.5', knex: '3.3.0' }),
};

/**
 * @param {string} version
 * @param {Readonly<Record<string, string>>} packages
 * @returns {Orm}
 */
function orm(version, packages) {
  return { version, packages: { ...packages, ...DRIVERS }, databases: BOTH, nodeMajorMin: 20 };
}
