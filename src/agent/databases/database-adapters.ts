/** Drivers of relational databases. ORMs and query builders end in one of them, so a query counts once. */
import type { Adapter } from '../adapter.js';
import { patchMysql2 } from './mysql2.js';
import { patchMysql2Pool } from './mysql2-pool.js';
import { patchPgClient } from './pg.js';
import { patchPgConnect } from './pg-connect.js';
import { patchPgPool } from './pg-pool.js';
import { patchSqlite } from './sqlite.js';

const DATABASES = { probe: 'databases', tier: 'after-hook' } as const;
const PG = { ...DATABASES, library: 'pg', tested: 'pg 8.23 with pg-pool 3.14' } as const;
const MYSQL2 = { ...DATABASES, library: 'mysql2', tested: 'mysql2 3.24' } as const;

export const DATABASE_ADAPTERS: readonly Adapter[] = [
  { ...PG, file: 'pg/lib/client.js', patch: patchPgClient },
  { ...PG, file: 'pg/lib/client.js', patch: patchPgConnect },
  { ...PG, file: 'pg-pool/index.js', patch: patchPgPool },
  { ...MYSQL2, file: 'mysql2/lib/base/connection.js', patch: patchMysql2 },
  { ...MYSQL2, file: 'mysql2/lib/base/pool.js', patch: patchMysql2Pool },
  {
    ...DATABASES,
    library: 'libsql',
    tested: 'libsql 0.5',
    file: 'libsql/index.js',
    patch: patchSqlite,
  },
  {
    ...DATABASES,
    library: 'better-sqlite3',
    tested: 'none: a stand-in for it',
    file: 'better-sqlite3/lib/database.js',
    patch: patchSqlite,
  },
];
