/** memcached for tests: 32 MiB of memory, an own loopback port. It has no passwords. */
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { folderOfProgram } from './machine.js';
import { startOwned } from './start-owned.js';

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

  start({ folder: programs, dir }) {
    const { title } = this;
    const own = { title, name: 'memcached', users: ['memcache'], programs, dir };
    return startOwned(own, ({ port }) => ({
      command: join(programs, 'memcached'),
      args: ['--listen=127.0.0.1', `--port=${port}`, '--memory-limit=32', '--threads=1'],
      url: `memcached://127.0.0.1:${port}`,
      // It says nothing when it is ready; and whoever answers must not be another who has the port.
      async isReady({ running }) {
        if (!(await canConnect(port))) return false;
        await sleep(ENDS_MS);
        return running();
      },
    }));
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
