/** Drivers of relational databases. ORMs and query builders end in one of them, so a query counts once. */
import type { Adapter } from '../adapter.js';
import { patchDrizzle, patchDrizzleEsm } from './drizzle.js';
import {
  patchMariadb,
  patchMariadbBundle,
  patchMariadbEsm,
  patchMariadbPool,
  patchMariadbPoolEsm,
} from './mariadb-builds.js';
import { patchMysql, patchMysqlProtocol } from './mysql.js';
import { patchMysqlPool } from './mysql-pool.js';
import { patchMysql2, patchMysql2Handshake } from './mysql2.js';
import { patchPgClient } from './pg.js';
import { patchPgConnect } from './pg-connect.js';
import { patchPgPool } from './pg-pool.js';
import { patchPostgresJs, patchPostgresJsEsm } from './postgres-js.js';
import { patchPostgresJsPool, patchPostgresJsPoolEsm } from './postgres-js-pool.js';
import { patchNodeSqlite, patchSqlite } from './sqlite.js';
import { patchTedious } from './tedious.js';

const DATABASES = { probe: 'databases', tier: 'after-hook' } as const;
const PG = { ...DATABASES, library: 'pg', tested: 'pg 8.0, 8.23 with pg-pool 3.14' } as const;
const MYSQL2 = { ...DATABASES, library: 'mysql2', tested: 'mysql2 2.3, 3.0, 3.24' } as const;
const MYSQL = { ...DATABASES, library: 'mysql', tested: 'mysql 2.16, 2.18' } as const;
const MARIADB = {
  library: 'mariadb',
  tested: 'mariadb 3.0, 3.1, 3.5',
  probe: 'databases',
} as const;
const MARIADB_CJS = { ...MARIADB, tier: 'after-hook' } as const;
const MARIADB_ESM = { ...MARIADB, tier: 'esm', packageName: 'mariadb' } as const;
const POSTGRES_JS = {
  library: 'postgres',
  tested: 'postgres 3.3, 3.4',
  probe: 'databases',
} as const;
const POSTGRES_JS_CJS = { ...POSTGRES_JS, tier: 'after-hook' } as const;
const POSTGRES_JS_ESM = { ...POSTGRES_JS, tier: 'esm', packageName: 'postgres' } as const;

const DRIZZLE = {
  library: 'drizzle-orm',
  tested: 'drizzle-orm 0.29, 0.45',
  probe: 'databases',
} as const;

export const DATABASE_ADAPTERS: readonly Adapter[] = [
  { ...PG, file: 'pg/lib/client.js', patch: patchPgClient },
  { ...PG, file: 'pg/lib/client.js', patch: patchPgConnect },
  { ...PG, file: 'pg-pool/index.js', patch: patchPgPool },
  { ...POSTGRES_JS_CJS, file: 'postgres/cjs/src/query.js', patch: patchPostgresJs },
  { ...POSTGRES_JS_CJS, file: 'postgres/cjs/src/connection.js', patch: patchPostgresJsPool },
  { ...POSTGRES_JS_ESM, files: ['src/query.js'], patch: patchPostgresJsEsm },
  {
    ...POSTGRES_JS_ESM,
    files: ['src/connection.js'],
    patch: patchPostgresJsPoolEsm,
    rebinds: ['Connection'],
    isEarly: true,
  },
  { ...MYSQL2, file: 'mysql2/lib/base/connection.js', patch: patchMysql2 },
  { ...MYSQL2, file: 'mysql2/lib/connection.js', patch: patchMysql2 },
  { ...MYSQL2, file: 'mysql2/lib/commands/client_handshake.js', patch: patchMysql2Handshake },
  { ...MYSQL2, file: 'mysql2/lib/base/pool.js', patch: patchMysqlPool },
  { ...MYSQL2, file: 'mysql2/lib/pool.js', patch: patchMysqlPool },
  { ...MYSQL, file: 'mysql/lib/Connection.js', patch: patchMysql },
  { ...MYSQL, file: 'mysql/lib/protocol/Protocol.js', patch: patchMysqlProtocol },
  { ...MYSQL, file: 'mysql/lib/Pool.js', patch: patchMysqlPool },
  { ...MARIADB_CJS, file: 'mariadb/dist/promise.cjs', patch: patchMariadbBundle },
  { ...MARIADB_CJS, file: 'mariadb/dist/callback.cjs', patch: patchMariadbBundle },
  { ...MARIADB_CJS, file: 'mariadb/lib/connection.js', patch: patchMariadb },
  { ...MARIADB_CJS, file: 'mariadb/lib/pool.js', patch: patchMariadbPool },
  { ...MARIADB_ESM, files: ['lib/connection.js'], patch: patchMariadbEsm },
  { ...MARIADB_ESM, files: ['lib/pool.js'], patch: patchMariadbPoolEsm },
  {
    ...DRIZZLE,
    tier: 'after-hook',
    file: 'drizzle-orm/query-promise.cjs',
    patch: patchDrizzle,
  },
  {
    ...DRIZZLE,
    tier: 'esm',
    packageName: 'drizzle-orm',
    files: ['query-promise.js'],
    patch: patchDrizzleEsm,
  },
  {
    ...DATABASES,
    library: 'tedious',
    tested: 'tedious 19.2',
    file: 'tedious/lib/connection.js',
    patch: patchTedious,
  },
  {
    ...DATABASES,
    library: 'libsql',
    tested: 'libsql 0.3, 0.4, 0.5',
    file: 'libsql/index.js',
    patch: patchSqlite,
  },
  {
    library: 'node:sqlite',
    tested: 'node:sqlite 22.23, 24.21, 26.12',
    probe: 'databases',
    tier: 'builtin',
    module: 'node:sqlite',
    patch: patchNodeSqlite,
  },
  {
    ...DATABASES,
    library: 'better-sqlite3',
    tested: 'better-sqlite3 13.2',
    file: 'better-sqlite3/lib/database.js',
    patch: patchSqlite,
  },
];
