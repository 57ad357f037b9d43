/** The matrix of older versions: the adapter table tells of each that it was tried, and a few are tried here. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npmFolder } from '../../bench/npm-folder.js';
import { run } from '../../examples/older/run.js';
import { OLDER, packagesOf } from '../../examples/older/versions.js';
import { startService } from '../../scripts/services.js';
import { ADAPTERS } from '../../src/agent/adapter-table.js';
import { verdictOf } from '../../src/workers/tested-versions.js';

/** The packages are downloaded where they are not there. */
const INSTALL_MS_MAX = 300_000;
/** What a row of the table calls by another name: what is patched lies in a package below. */
const BELOW: Readonly<Record<string, string>> = {
  '@nats-io/transport-node': '@nats-io/nats-core',
};
const ALL = Object.entries(OLDER).flatMap(([name, { library = name, versions }]) =>
  versions.map((version) => ({ library, version })),
);
/** Each had its code in other files than the newest has. */
const TRIED = [
  { name: 'ioredis', version: '4.28.5', loading: 'cjs' },
  { name: 'redis', version: '4.0.6', loading: 'esm' },
  { name: 'keyv, several keys', version: '4.5.4', loading: 'esm' },
  { name: 'lru-cache', version: '10.4.3', loading: 'cjs' },
  { name: 'zod', version: '3.22.4', loading: 'cjs' },
  { name: 'yup', version: '0.32.11', loading: 'esm' },
  { name: 'ejs', version: '3.1.10', loading: 'esm' },
  { name: 'jose', version: '5.9.6', loading: 'cjs' },
  { name: 'node-cron', version: '4.2.1', loading: 'esm' },
] as const;

it.each(ALL)('the adapter table says that $library $version was tried', ({ library, version }) => {
  const name = BELOW[library] ?? library;
  const verdicts = ADAPTERS.map(({ tested }) => verdictOf(tested, name, version));
  expect(verdicts).toContain('inside');
});

describe('older versions, as they are installed', () => {
  let services: Record<string, string> = {};
  let stop = async (): Promise<void> => {};

  beforeAll(async () => {
    const redis = await startService('redis');
    services = { REDIS_URL: redis.url };
    stop = redis.stop;
  }, INSTALL_MS_MAX);

  afterAll(() => stop());

  it.each(TRIED)(
    'records what is done with $name $version ($loading)',
    {
      timeout: INSTALL_MS_MAX,
    },
    async ({ name, version, loading }) => {
      const given = packagesOf(name, version);
      const folder = `older/${Object.entries(given).flat().join('-').replaceAll('/', '+')}`;
      const packages = npmFolder(folder, given, () => {});
      const node = process.execPath;
      const counts = await run({ node, packages, name, loading, services });
      expect(counts.length).toBeGreaterThan(0);
      for (const { metric, done, recorded } of counts) {
        expect(done, metric).toBeGreaterThan(0);
        expect(recorded, metric).toBe(done);
      }
    },
  );
});
