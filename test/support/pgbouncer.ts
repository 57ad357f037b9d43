/** A real PgBouncer that gives all of its clients one connection to a PostgreSQL, a transaction at a time. */
import { chownSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { becameReady } from '../../scripts/services/became-ready.js';
import { runGuarded } from '../../scripts/services/guard.js';
import {
  canInstall,
  folderOfProgram,
  freePort,
  installDebianPackage,
  makeOwnedFolder,
  unprivilegedUser,
} from '../../scripts/services/machine.js';

export interface Pooler {
  /** The same database and user, through the pooler. */
  readonly url: (dsn: string) => string;
  readonly stop: () => Promise<void>;
}

const FOLDERS = ['/usr/sbin'];

/** @param dsn of the database, as the user that clients will be */
export async function startPgbouncer(dsn: string): Promise<Pooler> {
  if (folderOfProgram('pgbouncer', FOLDERS) === undefined && canInstall()) {
    installDebianPackage('pgbouncer');
  }
  const programs = folderOfProgram('pgbouncer', FOLDERS);
  if (programs === undefined) throw new Error('expected pgbouncer: apt-get install pgbouncer');
  const user = unprivilegedUser(['postgres']);
  const folder = makeOwnedFolder({ name: 'pgbouncer', user });
  const port = await freePort();
  const { hostname, port: serverPort, username } = new URL(dsn);
  const file = join(folder, 'pgbouncer.ini');
  const users = join(folder, 'users.txt');
  writeFileSync(users, `"${username}" ""\n`);
  writeFileSync(
    file,
    `[databases]\n* = host=${hostname} port=${serverPort}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n` +
      `listen_port = ${port}\nunix_socket_dir =\nauth_type = trust\nauth_file = ${users}\npool_mode = transaction\ndefault_pool_size = 1\n` +
      `max_db_connections = 1\n`,
  );
  if (user.uid !== undefined && user.gid !== undefined) {
    for (const path of [file, users]) chownSync(path, user.uid, user.gid);
  }
  const logFile = join(folder, 'log');
  const guarded = runGuarded({
    command: join(programs, 'pgbouncer'),
    args: [file],
    stopSignal: 'SIGTERM',
    folder,
    logFile,
    user,
  });
  if (!(await becameReady(guarded, () => readFileSync(logFile, 'utf8').includes('process up')))) {
    throw new Error(`expected pgbouncer to start, got: ${readFileSync(logFile, 'utf8')}`);
  }
  const url = (one: string): string => {
    const own = new URL(one);
    own.port = String(port);
    return own.href;
  };
  return { url, stop: guarded.stop };
}
