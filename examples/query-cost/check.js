/**
 * What the recorder costs a query, by driver: CPU of the application's thread with it and without it, in turn, two
 * queries a request (a request's own share is in it); and what is left on the heap after a million queries. Real servers,
 * in-memory requests.
 *
 *   node examples/query-cost/check.js [--rounds 8] [--kept 1000000] [--node 20] [name …]
 *
 * `--kept 0` leaves the heap out; names are those of DRIVERS in ../databases/versions.js, and ioredis and redis.
 * Exit code 1 when more than a byte a query is left on the heap that is not without the recorder.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { npmFolder } from '../../bench/npm-folder.js';
import { medianInterval } from '../../bench/statistics/bootstrap.js';
import { median } from '../../bench/statistics/quantile.js';
import { createRandom } from '../../bench/statistics/random.js';
import { buildWhenStale } from '../../scripts/build.js';
import { installNode } from '../../scripts/install-node.js';
import { startService } from '../../scripts/services.js';
import { createInMariadb, createInPostgres } from '../databases/counted.js';
import { countSqlite } from '../databases/sqlite-count.js';
import { DRIVERS } from '../databases/versions.js';
import { STORES } from './stores.js';

const REGISTER = fileURLToPath(new URL('../../dist/register.js', import.meta.url));
const APPLICATION = fileURLToPath(new URL('application.js', import.meta.url));
/** As many as there are requests at once: nobody waits for a connection. */
const CONNECTIONS_MAX = 16;
const WARM_UP = 20_000;
const MEASURED = 40_000;
const QUERIES = 2;
const MS_MAX = 900_000;
const WIDTHS = [16, 10, 12, 26, 12, 12];

/** How a server is started, and a database of a name made in it; gives its file, where it is one. */
const DATABASES = {
  postgres: { start: startService, create: createInPostgres },
  mariadb: { start: startService, create: createInMariadb },
  sqlite: {
    start: async () => {
      const { create, close } = await countSqlite();
      return { url: '', create, stop: close };
    },
  },
  redis: { start: startService, create: async () => undefined },
};

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    kept: { type: 'string', default: '1000000' },
    node: { type: 'string', default: process.versions.node.split('.')[0] },
  },
  allowPositionals: true,
});
const LIBRARIES = { ...DRIVERS, ...STORES };
const names = positionals.length > 0 ? positionals : Object.keys(LIBRARIES);
const unknown = names.find((name) => !Object.hasOwn(LIBRARIES, name));
if (unknown !== undefined) {
  throw new Error(`expected some of ${Object.keys(LIBRARIES).join(', ')}, got "${unknown}".`);
}
const [rounds, kept] = [Number(values.rounds), Number(values.kept)];
if (!(Number.isSafeInteger(rounds) && rounds > 0 && Number.isSafeInteger(kept) && kept >= 0)) {
  throw new Error('expected --rounds NUMBER, from 1 on, and --kept NUMBER');
}

if (!(await buildWhenStale())) throw new Error('src does not compile');
const node = installNode(values.node);
const random = createRandom(1, 'query-cost');
console.log(`Node.js ${node.version}, µs of the application's thread a query`);
row('driver', 'version', 'without', 'added [95 %]', 'kept, B', 'without, B');
for (const [kind, database] of Object.entries(DATABASES)) {
  const tried = names.filter((name) => LIBRARIES[name][0].databases.includes(kind));
  if (tried.length === 0) continue;
  const service = await database.start(kind);
  const create =
    service.create ?? ((/** @type {string} */ name) => database.create(service.url, name));
  try {
    for (const name of tried) await tryDriver(name, { kind, url: service.url, create });
  } finally {
    await service.stop();
  }
}

async function tryDriver(name, server) {
  const { version, packages, nodeMajorMin, folder = '../databases/drivers' } = LIBRARIES[name][0];
  if (Number(values.node) < nodeMajorMin) {
    row(name, version, `- (it asks for Node ${nodeMajorMin})`);
    return;
  }
  const code = mkdtempSync(
    join(npmFolder(`databases/${name}-${version}`, packages, console.error), 'run-'),
  );
  try {
    const client = join(code, 'client.mjs');
    writeFileSync(client, readFileSync(new URL(`${folder}/${name}.js`, import.meta.url), 'utf8'));
    const task = { client, place: await placeOf(name, server) };
    const measure = (isRecorded, keptQueries) =>
      measureOnce({ ...task, kept: keptQueries / QUERIES }, isRecorded);
    const without = [];
    const added = [];
    for (let i = 0; i < rounds; i++) {
      const off = measure(false, 0).cpuUs;
      without.push(off);
      added.push(measure(true, 0).cpuUs - off);
    }
    const heap = kept === 0 ? [] : [true, false].map((is) => measure(is, kept).heapBytes);
    if (kept > 0 && heap[0] - heap[1] > kept) process.exitCode = 1;
    const { median: middle, low, high } = medianInterval(added, random);
    const cost = `${middle.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
    row(name, version, median(without).toFixed(1), cost, ...heap);
  } finally {
    rmSync(code, { recursive: true, force: true });
  }
}

/** One process. */
function measureOnce(task, isRecorded) {
  const data = mkdtempSync(join(tmpdir(), 'tachograph-query-cost-'));
  try {
    const preload = isRecorded ? ['--import', REGISTER] : [];
    const given = JSON.stringify({ ...task, warmUp: WARM_UP, measured: MEASURED });
    const { status, stdout, stderr } = spawnSync(
      node.binary,
      [...preload, '--expose-gc', APPLICATION, given],
      {
        encoding: 'utf8',
        timeout: MS_MAX,
        env: {
          ...process.env,
          TACHOGRAPH_URL: `file://${join(data, 'recorded.ndjson')}`,
          TACHOGRAPH_SPOOL_DIR: join(data, 'spool'),
        },
      },
    );
    if (status !== 0) throw new Error(`the application ended with ${status}: ${stderr}`);
    return JSON.parse(stdout);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

async function placeOf(name, { kind, url, create }) {
  const database = `cost_${process.pid}_${name.replaceAll('-', '_')}`;
  const file = await create(database);
  if (kind === 'redis') return { url };
  if (file !== undefined) return { kind, file };
  const { hostname: host, port, username: user, password } = new URL(url);
  const connectionsMax = CONNECTIONS_MAX;
  return { kind, host, port: Number(port), user, password, database, connectionsMax };
}

function row(...cells) {
  console.log(cells.map((cell, i) => String(cell).padEnd(WIDTHS[i] ?? 0)).join(' '));
}
