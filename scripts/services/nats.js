/** NATS for tests: an own loopback port, a password, JetStream in an own folder. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { folderOfProgram } from './machine.js';
import { startOwned } from './start-owned.js';

const DEBIAN_FOLDERS = ['/usr/sbin', '/usr/bin'];

/** @type {import('../services.js').Service} */
export const nats = {
  title: 'NATS',
  urlVariable: 'TACHOGRAPH_TEST_NATS_URL',
  debianPackage: 'nats-server',

  find() {
    const folder = folderOfProgram('nats-server', DEBIAN_FOLDERS);
    if (folder === undefined) return undefined;
    const said = spawnSync(join(folder, 'nats-server'), ['--version'], { encoding: 'utf8' });
    return { folder, version: /v?(\d+(\.\d+)+)/.exec(said.stdout ?? '')?.[1] ?? 'unknown' };
  },

  versionAt() {
    return 'unknown';
  },

  start({ folder: programs, dir }) {
    const { title } = this;
    const own = { title, name: 'nats', users: ['nats'], programs, dir };
    return startOwned(own, ({ folder, port }) => {
      const password = randomBytes(12).toString('hex');
      return {
        command: join(programs, 'nats-server'),
        args: [
          ...['--addr', '127.0.0.1', '--port', String(port)],
          ...['--user', 'tacho', '--pass', password],
          ...['--jetstream', '--store_dir', join(folder, 'store')],
        ],
        url: `nats://tacho:${password}@127.0.0.1:${port}`,
        isReady: ({ log }) => log().includes('Server is ready'),
      };
    });
  },
};
