/**
 * The truth suite of findings: scenarios over drivers, ORMs and query builders, each of which is to show what its
 * comments say, and nothing else. Prints precision and recall by kind, and how many named the very line.
 * `node examples/findings/check.js [name …]`; names are those of LIBRARIES. Exit code 1 when anything differs;
 * `npm run build` comes first.
 */
import { npmFolder } from '../../bench/npm-folder.js';
import { startService } from '../../scripts/services.js';
import { ORMS } from '../databases/versions.js';
import { createTables } from './create-tables.js';
import { run } from './run.js';

const CONNECTIONS_MAX = 5;
/** With the service that each stands on, and by which ORM of the other matrix it is installed. */
const LIBRARIES = {
  libsql: {},
  pg: { service: 'postgres' },
  mysql2: { service: 'mariadb' },
  ...Object.fromEntries(Object.keys(ORMS).map((orm) => [orm, { service: 'postgres', orm }])),
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
  const { service, orm } = LIBRARIES[name];
  const major = Number(process.versions.node.split('.')[0]);
  const version = orm && ORMS[orm].find(({ nodeMajorMin }) => nodeMajorMin <= major);
  const folder =
    version && npmFolder(`orms/${orm}-${version.version}`, version.packages, console.error);
  if (folder !== undefined) version.prepare?.(folder);
  const place = service === undefined ? {} : await placeFor(service, name);
  const packages = folder && `${folder}node_modules`;
  const result = await run({ scenarios: name, packages, place });
  const { count, right, misplaced, missed, extra } = result;
  console.log(
    `${name.padEnd(10)} ${count} scenarios, ${right.length} found with their line, ` +
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

async function placeFor(kind, name) {
  if (!services.has(kind)) services.set(kind, await startService(kind));
  const { url } = services.get(kind);
  const database = `findings_${name}_${process.pid}`;
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
