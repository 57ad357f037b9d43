/** Redis for tests, alone or as the node of a cluster: nothing on disk, an own loopback port. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { becameReady, logTail } from './became-ready.js';
import { ServiceError } from './error.js';
import { runGuarded } from './guard.js';
import { folderOfProgram, freePort, makeOwnedFolder, unprivilegedUser } from './machine.js';

/** A free port may be taken between our look and the server's bind. */
const ATTEMPTS_MAX = 3;

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

    async start({ folder: programs, dir }) {
      const user = unprivilegedUser(['redis']);
      let reason = '';
      for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
        const folder = makeOwnedFolder({ name: 'redis', parent: dir, user });
        const port = await freePort();
        const own = { requirepass: randomBytes(12).toString('hex'), ...(await ownSettings()) };
        const logFile = join(folder, 'server.log');
        const guarded = runGuarded({
          command: join(programs, 'redis-server'),
          args: settings(folder, port, own),
          stopSignal: 'SIGTERM',
          folder,
          logFile,
          user,
        });
        const isReady = () => readFileSync(logFile, 'utf8').includes('Ready to accept connections');
        if (await becameReady(guarded, isReady)) {
          const login = own.requirepass === '' ? '' : `:${own.requirepass}@`;
          return { url: `redis://${login}127.0.0.1:${port}`, stop: guarded.stop };
        }
        reason = logTail(logFile);
        await guarded.stop();
      }
      throw new ServiceError(
        'SERVICE_START_FAILED',
        `Redis from ${programs} was not ready after ${ATTEMPTS_MAX} attempts. Its log ends: ${reason || '(empty)'}`,
      );
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
