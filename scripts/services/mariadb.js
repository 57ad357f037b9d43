/**
 * MariaDB for tests: an own data folder on an own loopback port, with a user of its own. Durability is
 * off: the data lives only as long as the service does.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOfProgram } from './machine.js';
import { startOwned } from './start-owned.js';

const DEBIAN_FOLDERS = ['/usr/sbin', '/usr/bin'];

/** @type {import('../services.js').Service} */
export const mariadb = {
  title: 'MariaDB',
  urlVariable: 'TACHOGRAPH_TEST_MARIADB_URL',
  debianPackage: 'mariadb-server',

  find() {
    const folder = folderOfProgram('mariadbd', DEBIAN_FOLDERS);
    const installer = folderOfProgram('mariadb-install-db', DEBIAN_FOLDERS);
    if (folder === undefined || installer === undefined) return undefined;
    const said = spawnSync(join(folder, 'mariadbd'), ['--version'], { encoding: 'utf8' }).stdout;
    return { folder, version: /\d+(\.\d+)+/.exec(said ?? '')?.[0] ?? 'unknown' };
  },

  versionAt() {
    return 'unknown';
  },

  start({ folder: programs, dir }) {
    const { title } = this;
    const own = { title, name: 'mariadb', users: ['mysql'], programs, dir };
    return startOwned(own, ({ folder, port }) => {
      const name = `tacho_${randomBytes(6).toString('hex')}`;
      const password = randomBytes(12).toString('hex');
      const initFile = join(folder, 'init.sql');
      writeFileSync(initFile, initSql(name, password), { mode: 0o644 });
      const installer = folderOfProgram('mariadb-install-db', DEBIAN_FOLDERS) ?? programs;
      const args = [installer, programs, folder, String(port), initFile];
      return {
        command: '/bin/sh',
        args: ['-c', INSTALL_AND_RUN, 'mariadb', ...args],
        url: `mysql://${name}:${password}@127.0.0.1:${port}/test`,
        isReady: ({ log }) => log().includes('ready for connections'),
      };
    });
  },
};

/** $1 folder of the installer, $2 of the server, $3 of the data, $4 port, $5 statements to begin with. */
const INSTALL_AND_RUN = `
installer=$1 programs=$2 folder=$3 port=$4 init=$5
umask 077
cd "$folder" || exit 1
"$installer/mariadb-install-db" --no-defaults --datadir="$folder/data" --auth-root-authentication-method=normal \
  --skip-test-db >/dev/null || exit 1
exec "$programs/mariadbd" --no-defaults --datadir="$folder/data" --bind-address=127.0.0.1 --port="$port" \
  --socket="$folder/s" --pid-file="$folder/pid" --init-file="$init" --skip-name-resolve \
  --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=32M --max-connections=200
`;

/**
 * @param {string} name
 * @param {string} password
 */
function initSql(name, password) {
  return `CREATE DATABASE IF NOT EXISTS test;
CREATE USER '${name}'@'127.0.0.1' IDENTIFIED BY '${password}';
GRANT ALL ON *.* TO '${name}'@'127.0.0.1' WITH GRANT OPTION;
`;
}
