/**
 * Makes the ERP's tables and fills them, dropping the ones of an earlier run. Deterministic; < 5 s at scale 1.
 *
 *   node examples/erp/seed.js [postgres://… or ERP_DATABASE_URL] [--scale 1]
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { hashPassword, SEED_PASSWORD, SEED_USERS } from './seed/people.js';
import { fillTablesSql, PICK_FUNCTION, rowCounts } from './seed/rows.js';
import { createKeysSql, createTablesSql } from './seed/schema.js';

/** Below this the company has too few rows for every page to have something to show. */
const SCALE_MIN = 0.01;
const SCALE_MAX = 20;

/**
 * @param {string} databaseUrl
 * @param {{ scale?: number }} [options] scale: 1 gives 5,000 products, 20,000 sales orders and so on.
 * @returns {Promise<{ products: number, customers: number, orders: number, durationMs: number }>}
 */
export async function seed(databaseUrl, { scale = 1 } = {}) {
  if (!(scale >= SCALE_MIN && scale <= SCALE_MAX)) {
    throw new RangeError(`scale: expected ${SCALE_MIN} to ${SCALE_MAX}, got ${scale}`);
  }
  const startedMs = performance.now();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("SET TIME ZONE 'UTC'");
    await client.query(PICK_FUNCTION);
    await client.query('BEGIN');
    for (const sql of [...createTablesSql(), ...fillTablesSql(scale)]) await client.query(sql);
    await insertUsers(client);
    for (const sql of createKeysSql()) await client.query(sql);
    await client.query('COMMIT');
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
  const { products, customers, orders } = rowCounts(scale);
  return { products, customers, orders, durationMs: performance.now() - startedMs };
}

/** @param {pg.Client} client */
async function insertUsers(client) {
  for (const [index, { email, role }] of SEED_USERS.entries()) {
    // A salt from the address keeps two runs equal; a real system would draw it.
    const hash = hashPassword(SEED_PASSWORD, Buffer.from(email).toString('hex'));
    await client.query('INSERT INTO users VALUES ($1, $1, $2, $3, $4)', [
      index + 1,
      email,
      role,
      hash,
    ]);
  }
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { scale: { type: 'string', default: '1' } },
  });
  const databaseUrl = positionals[0] ?? process.env.ERP_DATABASE_URL;
  if (!databaseUrl)
    throw new Error('expected a postgres:// URL as argument or in ERP_DATABASE_URL');
  const { products, orders, durationMs } = await seed(databaseUrl, { scale: Number(values.scale) });
  console.log(`seeded ${products} products and ${orders} orders in ${Math.round(durationMs)} ms`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
