/**
 * A peer's packages from npm, pinned, in a folder of their own under node_modules/.cache; never in package.json.
 * A folder gets its name when its installation is complete, so one that is there can be used.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../bench-error.js';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/bench-peers/', import.meta.url));
const INSTALL_MS_MAX = 300_000;

/**
 * @param {import('./peers.js').Peer} peer
 * @param {(line: string) => void} progress
 * @returns {string} The folder, with a slash at its end.
 * @throws {BenchError} when npm cannot install it.
 */
export function installPeer(peer, progress) {
  const folder = join(CACHE, `${peer.name}-${versionOf(peer)}/`);
  if (existsSync(folder)) return folder;
  progress(`installing ${peer.name} ${versionOf(peer)} into ${folder}`);
  mkdirSync(CACHE, { recursive: true });
  const part = mkdtempSync(join(CACHE, 'part-'));
  try {
    installInto(part, peer);
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
}

/**
 * @param {string} folder
 * @param {import('./peers.js').Peer} peer
 */
function installInto(folder, { name, packages }) {
  // A project of its own, or npm would install into ours.
  const manifest = { private: true, dependencies: packages };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status, stderr } = spawnSync(npm, args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: INSTALL_MS_MAX,
  });
  if (status === 0) return;
  throw new BenchError(
    `--peer ${name}: expected ${Object.keys(packages).join(', ')} from npm, which failed: ${stderr?.trim()}`,
  );
}

/**
 * The version that names a peer: that of its last package.
 *
 * @param {import('./peers.js').Peer} peer
 * @returns {string}
 */
export function versionOf({ packages }) {
  return Object.values(packages).at(-1) ?? '';
}
