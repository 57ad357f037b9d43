/** memcached for tests: 32 MiB of memory, an own loopback port. It has no passwords. */
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { becameReady, logTail } from './became-ready.js';
import { ServiceError } from './error.js';
import { runGuarded } from './guard.js';
import { folderOfProgram, freePort, makeOwnedFolder, unprivilegedUser } from './machine.js';

/** A free port may be taken between our look and the server's bind. */
const ATTEMPTS_MAX = 3;
/** Longer than it needs to find that its port is taken. */
const ENDS_MS = 100;

/** @type {import('../services.js').Service} */
export const memcached = {
  title: 'memcached',
  urlVariable: 'TACHOGRAPH_TEST_MEMCACHED_URL',
  debianPackage: 'memcached',

  find() {
    const folder = folderOfProgram('memcached');
    if (folder === undefined) return undefined;
    const said = spawnSync(join(folder, 'memcached'), ['--version'], { encoding: 'utf8' });
    return { folder, version: /\d+(\.\d+)+/.exec(said.stdout ?? '')?.[0] ?? 'unknown' };
  },

  versionAt() {
    return 'unknown';
  },

  async start({ folder: programs, dir }) {
    const user = unprivilegedUser(['memcache']);
    let reason = '';
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const folder = makeOwnedFolder({ name: 'memcached', parent: dir, user });
      const port = await freePort();
      const logFile = join(folder, 'server.log');
      const guarded = runGuarded({
        command: join(programs, 'memcached'),
        args: ['--listen=127.0.0.1', `--port=${port}`, '--memory-limit=32', '--threads=1'],
        stopSignal: 'SIGTERM',
        folder,
        logFile,
        user,
      });
      // It says nothing when it is ready; and whoever answers must not be another who has the port.
      const isReady = async () => {
        if (!(await canConnect(port))) return false;
        await sleep(ENDS_MS);
        return guarded.running();
      };
      if (await becameReady(guarded, isReady)) {
        return { url: `memcached://127.0.0.1:${port}`, stop: guarded.stop };
      }
      reason = logTail(logFile);
      await guarded.stop();
    }
    throw new ServiceError(
      'SERVICE_START_FAILED',
      `memcached from ${programs} was not ready after ${ATTEMPTS_MAX} attempts. Its log ends: ${reason || '(empty)'}`,
    );
  },
};

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function canConnect(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
