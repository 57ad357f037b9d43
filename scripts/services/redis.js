/** Redis for tests: nothing on disk, an own loopback port. */
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
export const redis = {
  title: 'Redis',
  urlVariable: 'TACHOGRAPH_TEST_REDIS_URL',
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
      const password = randomBytes(12).toString('hex');
      const logFile = join(folder, 'server.log');
      const guarded = runGuarded({
        command: join(programs, 'redis-server'),
        args: settings(folder, port, password),
        stopSignal: 'SIGTERM',
        folder,
        logFile,
        user,
      });
      const isReady = () => readFileSync(logFile, 'utf8').includes('Ready to accept connections');
      if (await becameReady(guarded, isReady)) {
        return { url: `redis://:${password}@127.0.0.1:${port}`, stop: guarded.stop };
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

/**
 * @param {string} folder
 * @param {number} port
 * @param {string} password
 * @returns {string[]}
 */
function settings(folder, port, password) {
  const values = {
    bind: '127.0.0.1',
    port: String(port),
    dir: folder,
    requirepass: password,
    save: '',
    appendonly: 'no',
    daemonize: 'no',
  };
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
}
