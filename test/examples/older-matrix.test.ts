/** The matrix of older versions: the adapter table tells of each that it was tried, and of no other; a few are tried here. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npmFolder } from '../../bench/npm-folder.js';
import { DRIVERS, ORMS } from '../../examples/databases/versions.js';
import { run } from '../../examples/older/run.js';
import { OLDER, packagesOf } from '../../examples/older/versions.js';
import { startService } from '../../scripts/services.js';
import { ADAPTERS } from '../../src/agent/adapter-table.js';
import { versionsIn } from '../../src/workers/tested-versions.js';

/** The packages are downloaded where they are not there. */
const INSTALL_MS_MAX = 300_000;
interface Locked {
  readonly name?: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
type Lock = Readonly<Record<string, Locked>>;
const { packages: LOCK } = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
) as { packages: Lock };

/** By the versions of Node.js (scripts/test-nodes.js) the table names those of its own modules. */
const TESTED = [
  ...new Set(ADAPTERS.flatMap(({ tier, tested }) => (tier === 'builtin' ? [] : [tested]))),
];
/** What a row calls by another name. */
const CALLED: Readonly<Record<string, string>> = { nest: '@nestjs/core' };

const named = (packages: Readonly<Record<string, string>>): string[] =>
  Object.entries(packages).map((one) => one.join('@'));
/** Exactly, by a matrix that says what it tries. */
const BY_MATRIX = [
  ...Object.entries(OLDER).flatMap(([name, { versions }]) =>
    versions.flatMap((version) => named(packagesOf(name, version))),
  ),
  ...[DRIVERS, ORMS].flatMap((rows) =>
    Object.values(rows).flatMap((libraries) => libraries.flatMap((one) => named(one.packages))),
  ),
];
/** By the suite, as they are installed beside it. */
const installed = (isOfOurs: (name: string) => boolean): string[] =>
  Object.entries(LOCK).flatMap(([path, { name, version }]) => {
    const [, folder] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? [];
    return folder === undefined || !isOfOurs(folder) ? [] : [`${name ?? folder}@${version}`];
  });
const { dependencies = {}, devDependencies = {} } = LOCK['']!;
const OURS = { ...dependencies, ...devDependencies };
const TRIED_SOMEWHERE = [...BY_MATRIX, ...installed(() => true)];

/** The versions that `tested` names, as the beginnings of names with versions. */
function namedIn(tested: string): string[] {
  return [...versionsIn(tested)].flatMap(([name, versions]) =>
    versions.map(({ major, minor }) => `${CALLED[name] ?? name}@${major}.${minor ?? ''}`),
  );
}

const isOf = (one: string, beginning: string): boolean =>
  one.startsWith(beginning.endsWith('.') ? beginning : `${beginning}.`);
const ALL_NAMED = [...new Set(TESTED.flatMap(namedIn))];
const NAMES = new Set(ALL_NAMED.map((one) => one.slice(0, one.lastIndexOf('@'))));

/** Each had its code in other files than the newest has, or is nowhere else. */
const TRIED = [
  { name: 'hapi', version: '21.4.10', loading: 'esm' },
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

it.each(TESTED)('each version that the adapter table names is tried: %s', (tested) => {
  const untried = namedIn(tested).filter(
    (named) => !TRIED_SOMEWHERE.some((one) => isOf(one, named)),
  );
  expect(untried).toEqual([]);
});

it('each version that is tried is one that the adapter table names', () => {
  const tried = [...BY_MATRIX, ...installed((name) => name in OURS)].filter((one) =>
    NAMES.has(one.slice(0, one.lastIndexOf('@'))),
  );
  expect(tried.length).toBeGreaterThan(100);
  const unnamed = tried.filter((one) => !ALL_NAMED.some((named) => isOf(one, named)));
  expect([...new Set(unnamed)]).toEqual([]);
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
