/**
 * Packages of others from npm on demand: pinned, each set in a folder of its own under node_modules/.cache, never in
 * package.json. A folder gets its name when its installation is complete, so one that is there can be used.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError } from './bench-error.js';

const CACHE = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url));
const INSTALL_MS_MAX = 300_000;

/**
 * @param {string} name Below the cache, with the version: another version is another folder.
 * @param {Readonly<Record<string, string>>} packages Exact versions.
 * @param {(line: string) => void} progress
 * @returns {string} The folder, with a slash at its end.
 * @throws {BenchError} when npm cannot install them.
 */
export function npmFolder(name, packages, progress) {
  const folder = join(CACHE, name, '/');
  if (existsSync(folder)) return folder;
  progress(`installing ${name}`);
  mkdirSync(join(folder, '..'), { recursive: true });
  const part = mkdtempSync(join(folder, '../part-'));
  try {
    installInto(part, packages);
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
}

/**
 * @param {string} folder
 * @param {Readonly<Record<string, string>>} packages
 */
function installInto(folder, packages) {
  // A project of its own, or npm would install into ours.
  const manifest = { private: true, dependencies: packages };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund'],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', timeout: INSTALL_MS_MAX },
  );
  if (status === 0) return;
  throw new BenchError(
    `expected ${Object.keys(packages).join(', ')} from npm, which failed: ${stderr?.trim()}`,
  );
}
