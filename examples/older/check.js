/**
 * The matrix of older versions: prints, for each version of a library, way to load it and Node, what was done and what
 * was recorded, by metric. `node --import tsx examples/older/check.js [--nodes 20,22,24] [name …]`; names are those of
 * versions.js, to which `@version` may be added. Exit code 1 when anything differs. What an ES module exports by a name
 * that takes another value (of jose, zod 4.5, express-rate-limit) is recorded from Node 22.22.3 on: `--nodes 22`.
 */
import { parseArgs } from 'node:util';
import { npmFolder } from '../../bench/npm-folder.js';
import { installNode } from '../../scripts/install-node.js';
import { startService } from '../../scripts/services.js';
import { startMongoPeer } from '../../test/support/mongo-peer/mongo-peer.js';
import { run } from './run.js';
import { OLDER, packagesOf } from './versions.js';

const WIDTHS = [24, 9, 7, 9];
/** By the variable that the work reads. */
const SERVICES = {
  REDIS_URL: () => startService('redis'),
  MEMCACHED_URL: () => startService('memcached'),
  AMQP_URL: () => startService('rabbitmq'),
  NATS_URL: () => startService('nats'),
  MONGODB_URL: () => startMongoPeer(),
};

const { values, positionals } = parseArgs({
  options: { nodes: { type: 'string', default: process.versions.node.split('.')[0] } },
  allowPositionals: true,
});
const wanted = new Set(positionals);
const rows = Object.entries(OLDER).flatMap(([name, { versions, loaded = ['esm', 'cjs'] }]) =>
  versions
    .filter((version) => wanted.size === 0 || wanted.has(name) || wanted.has(`${name}@${version}`))
    .map((version) => ({ name, version, loaded })),
);
if (rows.length === 0) {
  throw new Error(`expected some of ${Object.keys(OLDER).join('; ')}, got "${positionals}".`);
}

const print = (...cells) =>
  console.log(cells.map((cell, i) => String(cell).padEnd(WIDTHS[i] ?? 0)).join(' '));
const services = {};
const started = [];
print('library', 'version', 'loaded', 'node', 'recorded of done');
try {
  for (const [variable, start] of Object.entries(SERVICES)) {
    const service = await start();
    started.push(service);
    services[variable] = service.url;
  }
  for (const row of rows) await tryVersion(row);
} finally {
  for (const service of started) await service.stop();
}

async function tryVersion({ name, version, loaded }) {
  const given = packagesOf(name, version);
  const folder = `older/${Object.entries(given).flat().join('-').replaceAll('/', '+')}`;
  const packages = npmFolder(folder, given, console.error);
  for (const node of values.nodes.split(',').map(installNode)) {
    for (const loading of loaded) {
      const cells = [name, version, loading, node.version.slice(1)];
      try {
        const counts = await run({ node: node.binary, packages, name, loading, services });
        if (counts.some(({ done, recorded }) => done === 0 || done !== recorded))
          process.exitCode = 1;
        print(...cells, ...counts.map((one) => `${one.metric} ${one.recorded} of ${one.done}`));
      } catch (error) {
        process.exitCode = 1;
        print(...cells, `failed: ${error.message}`);
      }
    }
  }
}
