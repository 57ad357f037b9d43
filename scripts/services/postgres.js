/**
 * PostgreSQL for tests, demo and bench: an own cluster in an own folder on an own loopback port.
 * Durability is off (fsync, full_page_writes): the data lives only as long as the service does.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOfProgram } from './machine.js';
import { startOwned } from './start-owned.js';

const DEBIAN_FOLDER = '/usr/lib/postgresql';
/**
 * It ends its connections, where SIGTERM would wait for them.
 * @type {NodeJS.Signals}
 */
const STOP_SIGNAL = 'SIGINT';
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

  start({ folder: programs, dir }) {
    const { title } = this;
    const users = ['postgres'];
    const own = { title, name: 'postgres', users, programs, dir, stopSignal: STOP_SIGNAL };
    return startOwned(own, ({ folder, port }) => {
      const superuser = `tacho_${randomBytes(6).toString('hex')}`;
      const args = [programs, folder, superuser, ...settings(folder, port, programs)];
      return {
        // The guard holds the cluster from its first file on, so that nothing stays if we die during initdb.
        command: '/bin/sh',
        args: ['-c', INIT_AND_RUN, 'postgres', ...args],
        url: `postgres://${superuser}@127.0.0.1:${port}/postgres`,
        isReady: () => isReady(folder),
      };
    });
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
 * @param {string} programs
 * @returns {string[]}
 */
function settings(folder, port, programs) {
  const socketFolder = Buffer.byteLength(folder) <= SOCKET_FOLDER_BYTES_MAX ? folder : '';
  const values = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketFolder,
    fsync: 'off',
    full_page_writes: 'off',
    shared_buffers: '64MB',
    max_connections: '100',
    // What the server itself counts by statement; a part of Debian's package.
    ...(existsSync(join(programs, '../lib/pg_stat_statements.so')) && {
      shared_preload_libraries: 'pg_stat_statements',
      'pg_stat_statements.track': 'top',
    }),
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
