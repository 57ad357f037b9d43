/**
 * One run of the matrix: server.js with one library, on one Node, against one database, under the recorder. What
 * the database's server counted is read before and after each route.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asCommonJs } from '../commonjs.js';
import { pointsIn } from '../frameworks/recorded.js';
import { launch } from '../launch.js';
import { judge } from './judge.js';

/** Requests at the same time, more than there are connections. */
const REQUESTS = 20;
const CONNECTIONS_MAX = 5;
/** What a run asks once all connections are open; each request of the last has one query that fails. */
const ROUTES = ['/insert', '/select', '/join', '/transaction', '/error'];
/** Opens the connections: what a library asks a new one belongs to no route of the comparison. */
const WARM = '/warm';
const WARM_TIMES = 3;

/**
 * @param {object} options
 * @param {string} options.node The runtime.
 * @param {string} options.packages The folder with the library's packages.
 * @param {string} options.file What speaks to it: `orms/knex`, say.
 * @param {'esm' | 'cjs'} options.loading
 * @param {string} options.kind
 * @param {string} options.url Of the database's server.
 * @param {string} options.database A name that no run has had.
 * @param {import('./counted.js').Counted} options.counted
 * @param {number} options.asksAtOpening
 * @param {number} [options.asksToCount]
 */
export async function run({
  node,
  packages,
  file,
  loading,
  kind,
  url,
  database,
  counted,
  asksAtOpening,
  asksToCount = 0,
}) {
  const sqliteFile = await counted.create(database);
  const before = await counted.queries(database);
  // Below the packages, so that the copies find them.
  const code = mkdtempSync(join(packages, 'run-'));
  const data = mkdtempSync(join(tmpdir(), 'tachograph-databases-'));
  try {
    const output = join(data, 'recorded.ndjson');
    const example = await launch(node, copyInto(code, file, loading), {
      TACHOGRAPH_URL: `file://${output}`,
      TACHOGRAPH_SPOOL_DIR: join(data, 'spool'),
      TACHOGRAPH_SAMPLER: 'off',
      TACHOGRAPH_WINDOW: '1s',
      TACHOGRAPH_EXIT_TIMEOUT: '10s',
      DATABASE_PLACE: JSON.stringify(
        sqliteFile === undefined ? placeOf(url, kind, database) : { file: sqliteFile },
      ),
    });
    const routes = [];
    let last = before;
    try {
      for (let i = 0; i < WARM_TIMES; i++) await ask(example, WARM);
      for (const route of ROUTES) {
        const atFirst = await counted.queries(database, example.port);
        await ask(example, route);
        last = await counted.queries(database, example.port);
        routes.push({ route, requests: REQUESTS, sent: last - atFirst - asksToCount });
      }
    } finally {
      await example.end();
    }
    const atOpening = CONNECTIONS_MAX * asksAtOpening;
    const sent = last - before - atOpening;
    return { sent, ...judge({ sent, routes, failed: REQUESTS }, pointsIn(output)) };
  } finally {
    rmSync(code, { recursive: true, force: true });
    rmSync(data, { recursive: true, force: true });
  }
}

/** Sends a route's requests at once. */
async function ask(example, route) {
  const ask = async () => {
    const { status } = await fetch(`http://127.0.0.1:${example.port}${route}`);
    if (status !== 200) throw new Error(`${route} answered ${status}: ${example.stderr()}`);
  };
  await Promise.all(Array.from({ length: REQUESTS }, ask));
}

function copyInto(folder, client, loading) {
  const ending = loading === 'cjs' ? 'cjs' : 'mjs';
  const copy = (file, name) => {
    const source = readFileSync(new URL(file, import.meta.url), 'utf8');
    const code =
      loading === 'cjs' ? asCommonJs(source) : source.replace('./client.js', './client.mjs');
    writeFileSync(join(folder, `${name}.${ending}`), code);
  };
  copy('server.js', 'server');
  copy(`${client}.js`, 'client');
  return join(folder, `server.${ending}`);
}

function placeOf(url, kind, database) {
  const { hostname: host, port, username: user, password } = new URL(url);
  const connectionsMax = CONNECTIONS_MAX;
  return { kind, host, port: Number(port), user, password, database, connectionsMax };
}
