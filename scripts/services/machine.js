/**
 * What this machine offers a service: programs, an unprivileged user, a free port, a Debian package manager.
 * Runs short child processes only and waits for them; owns nothing afterwards.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, chownSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ServiceError } from './error.js';

/** @typedef {{ uid?: number, gid?: number }} User */

/** Whether this process is root; always false where there are no users, as on Windows. */
export function isRoot() {
  return process.getuid?.() === 0;
}

/**
 * The first folder that holds the program: the given ones, then PATH.
 * @param {string} program
 * @param {string[]} foldersFirst
 * @returns {string | undefined}
 */
export function folderOfProgram(program, foldersFirst = []) {
  const folders = [...foldersFirst, ...(process.env.PATH ?? '').split(delimiter).filter(Boolean)];
  return folders.find((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Who shall run a server that refuses root: the first of the names that exists, or nobody else than ourselves
 * when we are not root.
 * @param {string[]} names
 * @returns {User}
 */
export function unprivilegedUser(names) {
  if (!isRoot()) return {};
  const rows = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of [...names, 'nobody']) {
    const row = rows.find((fields) => fields[0] === name);
    if (row) return { uid: Number(row[2]), gid: Number(row[3]) };
  }
  return { uid: 65534, gid: 65534 };
}

/**
 * A new empty folder that the user owns and can reach.
 * @param {{ name: string, parent?: string | undefined, user: User }} options
 * @returns {string}
 */
export function makeOwnedFolder({ name, parent = tmpdir(), user }) {
  const folder = mkdtempSync(join(parent, `tachograph-${name}-`));
  if (user.uid === undefined || user.gid === undefined) return folder;
  chownSync(folder, user.uid, user.gid);
  const probe = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'probe', folder], { ...user, cwd: '/' });
  if (probe.status === 0) return folder;
  rmSync(folder, { recursive: true, force: true });
  throw new ServiceError(
    'SERVICE_FOLDER_UNREACHABLE',
    `${name} must run as user ${user.uid}, who cannot enter ${parent}. ` +
      'Choose a folder every user may enter (option dir, or TMPDIR=/tmp).',
  );
}

/**
 * A loopback port that was free a moment ago; the caller tries again when somebody else was faster.
 * @returns {Promise<number>}
 */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Whether missing programs can be installed without asking anybody. */
export function canInstall() {
  return isRoot() && folderOfProgram('apt-get') !== undefined;
}

/**
 * @param {string} debianPackage
 * @param {{ output?: 'inherit' | 'ignore' }} [options]
 */
export function installDebianPackage(debianPackage, { output = 'ignore' } = {}) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  /** @param {string[]} args */
  const apt = (args) =>
    spawnSync('apt-get', args, { env, stdio: ['ignore', output, output], timeout: 600_000 });
  const install = ['install', '--yes', '--no-install-recommends', debianPackage];
  if (apt(install).status === 0) return;
  // The usual reason is a container image without package lists.
  apt(['update']);
  if (apt(install).status === 0) return;
  throw new ServiceError(
    'SERVICE_INSTALL_FAILED',
    `"apt-get ${install.join(' ')}" failed, after an update too. Run it by hand to see why.`,
  );
}
