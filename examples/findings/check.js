/**
 * The truth suite of findings: scenarios over drivers, ORMs and query builders, each of which is to show what its
 * comments say, and nothing else. Prints precision and recall by kind, and how many named the very line.
 * `node examples/findings/check.js [name …]`; names are those of LIBRARIES. Exit code 1 when anything differs;
 * `npm run build` comes first.
 */
import { createRequire } from 'node:module';
import { npmFolder } from '../../bench/npm-folder.js';
import { startService } from '../../scripts/services.js';
import { ORMS } from '../databases/versions.js';
import { createTables } from './create-tables.js';
import { LEAK_ROUNDS_MAX, run } from './run.js';

const NODE_MAJOR = Number(process.versions.node.split('.')[0]);
const CONNECTIONS_MAX = 5;
const SQLITE_DRIVER = createRequire(import.meta.url).resolve('libsql');
/** DataLoader comes with MikroORM. */
const DATALOADER_BY = 'mikro';
/** By which of the other matrix each runs on MariaDB, and over libsql on a SQLite in memory. */
const ON_MARIADB = ['typeorm', 'sequelize', 'knex', 'kysely', 'drizzle', 'mikro', 'objection'];
const ON_SQLITE = ['typeorm', 'knex', 'kysely', 'drizzle', 'objection'];
const on = (kind, orms) =>
  orms.map((orm) => [`${orm}-${kind}`, { service: kind === 'sqlite' ? undefined : kind, orm }]);
/** With the service that each stands on, and by which ORM of the other matrix it is installed. */
const LIBRARIES = {
  libsql: {},
  pg: { service: 'postgres' },
  'postgres-js': { service: 'postgres' },
  mysql2: { service: 'mariadb' },
  'pg-leaks': { service: 'postgres', roundsMax: LEAK_ROUNDS_MAX },
  'mysql2-leaks': { service: 'mariadb', roundsMax: LEAK_ROUNDS_MAX },
  graphql: { service: 'postgres', loader: DATALOADER_BY },
  ...Object.fromEntries(Object.keys(ORMS).map((orm) => [orm, { service: 'postgres', orm }])),
  ...Object.fromEntries([...on('mariadb', ON_MARIADB), ...on('sqlite', ON_SQLITE)]),
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(LIBRARIES);
const unknown = names.find((name) => !Object.hasOwn(LIBRARIES, name));
if (unknown !== undefined) {
  throw new Error(`expected some of ${Object.keys(LIBRARIES).join(', ')}, got "${unknown}".`);
}

const services = new Map();
const results = [];
try {
  for (const name of names) results.push(await check(name));
} finally {
  for (const service of services.values()) await service.stop();
}
printTable(results);
if (results.some(({ misplaced, missed, extra }) => [misplaced, missed, extra].flat().length > 0)) {
  process.exitCode = 1;
}

async function check(name) {
  const { service, orm, loader, roundsMax } = LIBRARIES[name];
  const packages = orm && packagesOf(orm);
  const place =
    service === undefined
      ? { kind: 'sqlite', sqlite: SQLITE_DRIVER }
      : await placeFor(service, name);
  if (loader !== undefined) place.dataloader = `${packagesOf(loader)}/dataloader/index.js`;
  const result = await run({ scenarios: orm ?? name, packages, place, roundsMax });
  const { count, right, misplaced, missed, extra } = result;
  console.log(
    `${name.padEnd(17)} ${count} scenarios, ${right.length} found with their line, ` +
      `${misplaced.length} without, ${missed.length} missed, ${extra.length} that are none`,
  );
  for (const { wanted, finding } of misplaced) {
    const { scenario, kind, line } = wanted;
    console.log(`  ${scenario}: ${kind} at ${finding.file}:${finding.line}, not at ${line}`);
  }
  for (const { scenario, kind, line } of missed) console.log(`  ${scenario}: no ${kind} (${line})`);
  for (const { scenario, kind, query, file, line } of extra) {
    console.log(`  ${scenario}: ${kind} at ${file}:${line} is none: ${query}`);
  }
  return result;
}

/** The node_modules with an ORM in the newest version for this Node. */
function packagesOf(orm) {
  const version = ORMS[orm].find(({ nodeMajorMin }) => nodeMajorMin <= NODE_MAJOR);
  const folder = npmFolder(`orms/${orm}-${version.version}`, version.packages, console.error);
  version.prepare?.(folder);
  return `${folder}node_modules`;
}

async function placeFor(kind, name) {
  if (!services.has(kind)) services.set(kind, await startService(kind));
  const { url } = services.get(kind);
  const database = `findings_${name.replace('-', '_')}_${process.pid}`;
  await createTables(kind, url, database);
  const { hostname: host, port, username: user, password } = new URL(url);
  const connectionsMax = CONNECTIONS_MAX;
  return { kind, host, port: Number(port), user, password, database, connectionsMax };
}

function printTable(all) {
  const right = all.flatMap((result) => result.right.map(({ kind }) => kind));
  const misplaced = all.flatMap((result) => result.misplaced.map(({ wanted }) => wanted.kind));
  const missed = all.flatMap((result) => result.missed.map(({ kind }) => kind));
  const extra = all.flatMap((result) => result.extra.map(({ kind }) => kind));
  const kinds = [...new Set([right, misplaced, missed, extra].flat())].sort();
  console.log('\nkind                expected  precision  recall  of the line');
  for (const kind of [...kinds, undefined]) {
    const of = (list) => list.filter((one) => kind === undefined || one === kind).length;
    const found = of(right) + of(misplaced);
    const expected = found + of(missed);
    const cells = [
      (kind ?? 'all').padEnd(20),
      String(expected).padEnd(9),
      share(found, found + of(extra)).padEnd(10),
      share(found, expected).padEnd(7),
      share(of(right), found),
    ];
    console.log(cells.join(' '));
  }
  console.log(`${all.reduce((sum, { count }) => sum + count, 0)} scenarios`);
}

function share(part, whole) {
  return whole === 0 ? '-' : (part / whole).toFixed(3);
}
