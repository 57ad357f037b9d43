/** Redis for tests, alone or as the node of a cluster: nothing on disk, an own loopback port. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { folderOfProgram, freePort } from './machine.js';
import { startOwned } from './start-owned.js';

/** @type {import('../services.js').Service} */
export const redis = redisService('Redis', 'TACHOGRAPH_TEST_REDIS_URL', async () => ({}));

/**
 * A node that knows of no other and has no slots yet; whoever wants a cluster starts several. Nodes of one have
 * one password, and these none.
 */
export const redisNode = redisService(
  'Redis Cluster',
  'TACHOGRAPH_TEST_REDIS_NODE_URL',
  async () => ({
    requirepass: '',
    'cluster-enabled': 'yes',
    'cluster-port': String(await freePort()),
  }),
);

/**
 * @param {string} title
 * @param {string} urlVariable
 * @param {() => Promise<Record<string, string>>} ownSettings
 * @returns {import('../services.js').Service}
 */
function redisService(title, urlVariable, ownSettings) {
  return {
    title,
    urlVariable,
    debianPackage: 'redis-server',

    find() {
      const folder = folderOfProgram('redis-server');
      if (folder === undefined) return undefined;
      const said = spawnSync(join(folder, 'redis-server'), ['--version'], { encoding: 'utf8' });
      return { folder, version: /v=(\d+(\.\d+)+)/.exec(said.stdout ?? '')?.[1] ?? 'unknown' };
    },

    versionAt() {
      return 'unknown';
    },

    start({ folder: programs, dir }) {
      const own = { title, name: 'redis', users: ['redis'], programs, dir };
      return startOwned(own, async ({ folder, port }) => {
        const password = randomBytes(12).toString('hex');
        const values = { requirepass: password, ...(await ownSettings()) };
        const login = values.requirepass === '' ? '' : `:${values.requirepass}@`;
        return {
          command: join(programs, 'redis-server'),
          args: settings(folder, port, values),
          url: `redis://${login}127.0.0.1:${port}`,
          isReady: ({ log }) => log().includes('Ready to accept connections'),
        };
      });
    },
  };
}

/**
 * @param {string} folder
 * @param {number} port
 * @param {Record<string, string>} own
 * @returns {string[]}
 */
function settings(folder, port, own) {
  const values = {
    bind: '127.0.0.1',
    port: String(port),
    dir: folder,
    save: '',
    appendonly: 'no',
    daemonize: 'no',
    ...own,
  };
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
}
