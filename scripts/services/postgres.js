/**
 * PostgreSQL for tests, demo and bench: an own cluster in an own folder on an own loopback port.
 * Durability is off (fsync, full_page_writes): the data lives only as long as the service does.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { becameReady, logTail } from './became-ready.js';
import { ServiceError } from './error.js';
import { runGuarded } from './guard.js';
import { folderOfProgram, freePort, makeOwnedFolder, unprivilegedUser } from './machine.js';

const DEBIAN_FOLDER = '/usr/lib/postgresql';
/** A free port may be taken between our look and the server's bind. */
const ATTEMPTS_MAX = 3;
/** The kernel's limit for a Unix socket path is 108 bytes, of which ".s.PGSQL.65535" needs 15. */
const SOCKET_FOLDER_BYTES_MAX = 92;

/** @type {import('../services.js').Service} */
export const postgres = {
  title: 'PostgreSQL',
  urlVariable: 'TACHOGRAPH_TEST_POSTGRES_URL',
  debianPackage: 'postgresql',

  find() {
    const folder = folderOfProgram('postgres', debianFolders());
    if (folder === undefined || !existsSync(join(folder, 'initdb'))) return undefined;
    const said = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout;
    return { folder, version: /\d+(\.\d+)*/.exec(said ?? '')?.[0] ?? 'unknown' };
  },

  addition(folder) {
    const major = /postgresql\/(\d+)\//.exec(folder)?.[1];
    const isThere = existsSync(
      join('/usr/share/postgresql', `${major}`, 'extension/hypopg.control'),
    );
    if (major === undefined || isThere) return undefined;
    const purpose = 'with which the index advisor tries indexes';
    return { debianPackage: `postgresql-${major}-hypopg`, purpose };
  },

  versionAt(url) {
    const psql = folderOfProgram('psql', debianFolders());
    if (psql === undefined) return 'unknown';
    const args = ['--no-psqlrc', '-Atc', 'SHOW server_version', url];
    const answer = spawnSync(join(psql, 'psql'), args, { encoding: 'utf8', timeout: 10_000 });
    return /\d+(\.\d+)*/.exec(answer.stdout ?? '')?.[0] ?? 'unknown';
  },

  async start({ folder: programs, dir }) {
    const user = unprivilegedUser(['postgres']);
    const superuser = `tacho_${randomBytes(6).toString('hex')}`;
    let reason = '';
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const folder = makeOwnedFolder({ name: 'postgres', parent: dir, user });
      const port = await freePort();
      const logFile = join(folder, 'server.log');
      // The guard holds the cluster from its first file on, so that nothing stays if we die during initdb.
      const guarded = runGuarded({
        command: '/bin/sh',
        args: [
          '-c',
          INIT_AND_RUN,
          'postgres',
          programs,
          folder,
          superuser,
          ...settings(folder, port),
        ],
        stopSignal: 'SIGINT',
        folder,
        logFile,
        user,
      });
      if (await becameReady(guarded, () => isReady(folder))) {
        return { url: `postgres://${superuser}@127.0.0.1:${port}/postgres`, stop: guarded.stop };
      }
      reason = guarded.running() ? logTail(logFile) : `${reason}${logTail(logFile)}`;
      await guarded.stop();
    }
    throw new ServiceError(
      'SERVICE_START_FAILED',
      `PostgreSQL from ${programs} was not ready after ${ATTEMPTS_MAX} attempts. Its log ends: ${reason || '(empty)'}`,
    );
  },
};

/** $1 programs, $2 folder, $3 superuser, then the server's arguments. */
const INIT_AND_RUN = `
programs=$1 folder=$2 superuser=$3
shift 3
umask 077
cd "$folder" || exit 1
"$programs/initdb" -D "$folder/data" -U "$superuser" -A trust -E UTF8 --locale=C --no-sync || exit 1
exec "$programs/postgres" -D "$folder/data" "$@"
`;

/**
 * @param {string} folder
 * @param {number} port
 * @returns {string[]}
 */
function settings(folder, port) {
  const socketFolder = Buffer.byteLength(folder) <= SOCKET_FOLDER_BYTES_MAX ? folder : '';
  const values = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketFolder,
    fsync: 'off',
    full_page_writes: 'off',
    shared_buffers: '64MB',
    max_connections: '100',
  };
  const flags = Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-p', String(port), ...flags];
}

/** Debian keeps the server's programs out of PATH, one folder a major version; the newest comes first. */
function debianFolders() {
  if (!existsSync(DEBIAN_FOLDER)) return [];
  return readdirSync(DEBIAN_FOLDER)
    .sort((a, b) => Number(b) - Number(a))
    .map((major) => join(DEBIAN_FOLDER, major, 'bin'));
}

/**
 * The postmaster itself writes "ready" into line 8 of its pid file; unlike a connection to the port, that
 * cannot be somebody else's server.
 * @param {string} folder
 * @returns {boolean}
 */
function isReady(folder) {
  const lines = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
  return lines[7]?.trim() === 'ready';
}
