/**
 * The matrix of drivers, ORMs and query builders against real servers: prints, for each with its driver, way to load it
 * and Node, how many queries the database's server counted and how many were recorded, in all and of each request.
 * `node examples/databases/check.js [--nodes 20,22,24] [name …]`; names are those of versions.js. Exit code 1 when
 * anything differs.
 */
import { parseArgs } from 'node:util';
import { npmFolder } from '../../bench/npm-folder.js';
import { installNode } from '../../scripts/install-node.js';
import { startService } from '../../scripts/services.js';
import { countMariadb, countPostgres } from './counted.js';
import { run } from './run.js';
import { countSqlite } from './sqlite-count.js';
import { DRIVERS, ORMS } from './versions.js';

/** By their names: the folder that has the file, and the versions. */
const LIBRARIES = {
  ...inFolder('drivers', DRIVERS),
  ...inFolder('orms', ORMS),
};
const WIDTHS = [10, 8, 7, 7, 9, 6, 9, 12, 7];
const DATABASES = {
  postgres: { driver: 'pg', count: countPostgres },
  mariadb: { driver: 'mysql2', count: countMariadb },
  sqlite: {
    driver: '',
    count: countSqlite,
    start: async () => ({ url: '', stop: async () => {} }),
  },
};

const { values, positionals } = parseArgs({
  options: { nodes: { type: 'string', default: process.versions.node.split('.')[0] } },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : Object.keys(LIBRARIES);
const unknown = names.find((name) => !Object.hasOwn(LIBRARIES, name));
if (unknown !== undefined) {
  throw new Error(`expected some of ${Object.keys(LIBRARIES).join(', ')}, got "${unknown}".`);
}

const row = (...cells) =>
  console.log(cells.map((cell, i) => String(cell).padEnd(WIDTHS[i] ?? 0)).join(' '));
let runs = 0;

row('library', 'version', 'driver', 'loaded', 'node', 'sent', 'recorded', 'per request', 'errors');
for (const [kind, { driver, count, start = startService }] of Object.entries(DATABASES)) {
  const service = await start(kind);
  const counted = await count(service.url);
  try {
    const tried = names.flatMap((name) => LIBRARIES[name]);
    for (const library of tried.filter(({ databases }) => databases.includes(kind))) {
      await tryLibrary(library, { kind, driver, url: service.url, counted });
    }
  } finally {
    await counted.close();
    await service.stop();
  }
}

async function tryLibrary(library, { kind, driver, url, counted }) {
  const {
    name,
    file,
    version,
    packages,
    nodeMajorMin,
    prepare,
    asksAtOpening = 0,
    asksToCount = 0,
  } = library;
  const folder = npmFolder(`databases/${name}-${version}`, packages, console.error);
  prepare?.(folder);
  for (const major of values.nodes.split(',')) {
    const node = installNode(major);
    for (const loading of ['esm', 'cjs']) {
      const below = Object.hasOwn(DRIVERS, name) ? '' : driver;
      const cells = [name, version, below, loading, node.version.slice(1)];
      if (Number(major) < nodeMajorMin) {
        row(...cells, `- (it asks for Node ${nodeMajorMin})`);
        continue;
      }
      runs += 1;
      const place = { kind, url, counted, database: `run_${process.pid}_${runs}` };
      const given = {
        ...place,
        node: node.binary,
        packages: folder,
        file,
        loading,
        asksAtOpening,
        asksToCount,
      };
      const result = await run(given).catch((error) => ({ wrong: [`failed: ${error.message}`] }));
      if (result.wrong.length > 0) process.exitCode = 1;
      const isExact = result.isExact ? 'yes' : 'NO';
      row(...cells, result.sent, result.recorded, isExact, result.errors, result.wrong.join('; '));
    }
  }
}

/** @param {string} folder */
function inFolder(folder, libraries) {
  const rows = Object.entries(libraries).map(([name, versions]) => [
    name,
    versions.map((library) => ({ name, file: `${folder}/${name}`, ...library })),
  ]);
  return Object.fromEntries(rows);
}
