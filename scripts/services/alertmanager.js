/**
 * Prometheus Alertmanager for tests: an own loopback port, an own folder, no cluster. It tells nobody until a test
 * writes a receiver into `alertmanager.yml` of that folder and asks for `POST /-/reload`.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { becameReady, logTail } from './became-ready.js';
import { ServiceError } from './error.js';
import { runGuarded } from './guard.js';
import { folderOfProgram, freePort, makeOwnedFolder, unprivilegedUser } from './machine.js';

/** A free port may be taken between our look and the server's bind. */
const ATTEMPTS_MAX = 3;
const PROGRAM = 'prometheus-alertmanager';
const CONFIG = 'route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n';

/** @type {import('../services.js').Service} */
export const alertmanager = {
  title: 'Alertmanager',
  urlVariable: 'TACHOGRAPH_TEST_ALERTMANAGER_URL',
  debianPackage: PROGRAM,

  find() {
    const folder = folderOfProgram(PROGRAM, ['/usr/bin']);
    if (folder === undefined) return undefined;
    const said = spawnSync(join(folder, PROGRAM), ['--version'], { encoding: 'utf8' });
    const text = `${said.stdout ?? ''}${said.stderr ?? ''}`;
    return { folder, version: /version (\d+(\.\d+)+)/.exec(text)?.[1] ?? 'unknown' };
  },

  versionAt() {
    return 'unknown';
  },

  async start({ folder: programs, dir }) {
    const user = unprivilegedUser(['prometheus']);
    let reason = '';
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const folder = makeOwnedFolder({ name: 'alertmanager', parent: dir, user });
      const config = join(folder, 'alertmanager.yml');
      writeFileSync(config, CONFIG);
      if (user.uid !== undefined && user.gid !== undefined) chownSync(config, user.uid, user.gid);
      const address = `127.0.0.1:${await freePort()}`;
      const logFile = join(folder, 'server.log');
      const guarded = runGuarded({
        command: join(programs, PROGRAM),
        args: [
          `--config.file=${config}`,
          `--storage.path=${join(folder, 'data')}`,
          `--web.listen-address=${address}`,
          // Without it, it talks to others of its kind.
          '--cluster.listen-address=',
        ],
        stopSignal: 'SIGTERM',
        folder,
        logFile,
        user,
      });
      const url = `http://${address}`;
      const isReady = async () => (await fetch(`${url}/-/ready`)).ok;
      if (await becameReady(guarded, isReady)) return { url, stop: guarded.stop };
      reason = logTail(logFile);
      await guarded.stop();
    }
    throw new ServiceError(
      'SERVICE_START_FAILED',
      `Alertmanager from ${programs} was not ready after ${ATTEMPTS_MAX} attempts. Its log ends: ${reason || '(empty)'}`,
    );
  },
};
