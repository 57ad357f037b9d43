/** NATS for tests: an own loopback port, a password, JetStream in an own folder. */
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

  async start({ folder: programs, dir }) {
    const user = unprivilegedUser(['nats']);
    let reason = '';
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const folder = makeOwnedFolder({ name: 'nats', parent: dir, user });
      const port = await freePort();
      const password = randomBytes(12).toString('hex');
      const logFile = join(folder, 'server.log');
      const guarded = runGuarded({
        command: join(programs, 'nats-server'),
        args: [
          ...['--addr', '127.0.0.1', '--port', String(port)],
          ...['--user', 'tacho', '--pass', password],
          ...['--jetstream', '--store_dir', join(folder, 'store')],
        ],
        stopSignal: 'SIGTERM',
        folder,
        logFile,
        user,
      });
      const isReady = () => readFileSync(logFile, 'utf8').includes('Server is ready');
      if (await becameReady(guarded, isReady)) {
        return { url: `nats://tacho:${password}@127.0.0.1:${port}`, stop: guarded.stop };
      }
      reason = logTail(logFile);
      await guarded.stop();
    }
    throw new ServiceError(
      'SERVICE_START_FAILED',
      `NATS from ${programs} was not ready after ${ATTEMPTS_MAX} attempts. Its log ends: ${reason || '(empty)'}`,
    );
  },
};
