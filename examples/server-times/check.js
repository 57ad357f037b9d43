/**
 * Agreement with the server: the example ERP under load, and for each statement how often and how long it ran as
 * recorded in the application and as counted by PostgreSQL (pg_stat_statements: execution and planning). Calls are
 * to be equal; of the time the server's is to be a part. What is left is the way there and back: network, parsing, the
 * driver, and rows and turns that wait in the application. What an empty query takes of that is shown for comparison.
 *
 *   node examples/server-times/check.js [--requests 3000] [--users 4] [--scale 0.2]
 *
 * Times are those of a quiet machine only; calls are equal on any. Exit code 1 when they are not, or when the server
 * says that a statement took longer than the application waited for it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { buildWhenStale } from '../../scripts/build.js';
import { startService } from '../../scripts/services.js';
import { runLoad } from '../erp/load.js';
import { seed } from '../erp/seed.js';
import { pointsIn } from '../frameworks/recorded.js';
import { launch } from '../launch.js';
import { compared, recordedTimes, serverTimes, summed } from './compare.js';

const ROUND_TRIPS = 2000;
/** Nobody leaves early: a query that is cut off counts for the one side only. */
const LOAD = { thinkMs: 100, durationMs: 10_000, aborts: false };
/** The agent's clock and histogram, and the server's own clock, tell so much apart. */
const TOLERANCE = 0.02;
const WIDTHS = [84, 8, 8, 11, 11, 11, 9];
const RESET = 'SELECT pg_stat_statements_reset()';
const READ = `SELECT query, calls::int, total_exec_time + total_plan_time AS ms FROM pg_stat_statements
  WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND query NOT LIKE '%pg_stat_statements%'`;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '3000' },
    users: { type: 'string', default: '4' },
    scale: { type: 'string', default: '0.2' },
  },
});
if (!(await buildWhenStale())) process.exit(1);
const { described } = await import('../../dist/sql/described.js');

const service = await startService('postgres');
const folder = mkdtempSync(join(tmpdir(), 'tachograph-server-times-'));
try {
  await seed(service.url, { scale: Number(values.scale) });
  const client = new pg.Client(service.url);
  await client.connect();
  try {
    await check(client);
  } finally {
    await client.end();
  }
} finally {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function check(client) {
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  await client.query("ALTER SYSTEM SET pg_stat_statements.track_planning = 'on'");
  await client.query('SELECT pg_reload_conf()');
  const empty = await roundTrip(client);
  await client.query(RESET);
  const output = join(folder, 'recorded.ndjson');
  const asked = await runUnderLoad(output);
  const { rows: counted } = await client.query(READ);
  const textOf = (sql) => described('postgresql', sql).text;
  const rows = compared(recordedTimes(pointsIn(output)), serverTimes(counted, textOf));
  printTable([...rows, summed(rows)]);
  const unequal = rows.filter(({ client: one, server }) => one.calls !== server.calls);
  const early = rows.filter(({ clientMs, serverMs }) => serverMs > clientMs * (1 + TOLERANCE));
  console.log(
    `\n${asked} requests, ${rows.length} statements: calls differ in ${unequal.length}, and ${early.length} took the server ` +
      `longer than the application.\nAn empty round trip takes ${empty.toFixed(3)} ms more than on the server.`,
  );
  for (const { text } of [...unequal, ...early]) console.log(`  ${text}`);
  if (unequal.length + early.length > 0) process.exitCode = 1;
}

/** ms that a query without work takes besides the server's, one after the other and nobody else there. */
async function roundTrip(client) {
  await client.query('SELECT 1');
  await client.query(RESET);
  const startMs = performance.now();
  for (let i = 0; i < ROUND_TRIPS; i++) await client.query('SELECT 1');
  const clientMs = (performance.now() - startMs) / ROUND_TRIPS;
  const { rows } = await client.query(READ);
  const served = rows.find(({ calls }) => calls === ROUND_TRIPS);
  return clientMs - served.ms / ROUND_TRIPS;
}

/** @returns how many requests there were */
async function runUnderLoad(output) {
  const script = fileURLToPath(new URL('server.js', import.meta.url));
  const erp = await launch(process.execPath, script, {
    ERP_DATABASE_URL: service.url,
    TACHOGRAPH_URL: `file://${output}`,
    TACHOGRAPH_SPOOL_DIR: join(folder, 'spool'),
    TACHOGRAPH_EXIT_TIMEOUT: '10s',
  });
  const baseUrl = `http://127.0.0.1:${erp.port}`;
  const [usersMax, scale] = [Number(values.users), Number(values.scale)];
  let asked = 0;
  try {
    while (asked < Number(values.requests)) {
      const { requests } = await runLoad({ baseUrl, usersMax, scale, ...LOAD });
      asked += requests;
    }
  } finally {
    await erp.end();
  }
  return asked;
}

function printTable(rows) {
  line('statement', 'calls', 'server', 'mean ms', 'server ms', 'difference', 'share');
  for (const { text, client, server, clientMs, serverMs, share } of rows) {
    const means = [clientMs, serverMs, clientMs - serverMs].map((ms) => ms.toFixed(3));
    line(text, client.calls, server.calls, ...means, `${Math.round(share * 100)} %`);
  }
}

function line(...cells) {
  const padded = cells.map((cell, i) => String(cell).slice(0, WIDTHS[i]).padEnd(WIDTHS[i]));
  console.log(padded.join(' ').trimEnd());
}
