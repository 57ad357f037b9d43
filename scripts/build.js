/**
 * Compiles src to dist: `npm run build`. The old dist stays until the new one is complete, so that a
 * failed build, or a process that is being started meanwhile, never meets half of one.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForBrowsers } from './browser-bundles.js';
import { bundle } from './bundle.js';

const ROOT = resolve(fileURLToPath(import.meta.url), '../..');
const DIST = join(ROOT, 'dist');
const CACHE = join(ROOT, 'node_modules/.cache');
const COMPILER = join(ROOT, 'node_modules/typescript/bin/tsc');
const COMMAND = 'cli/main.js';

/**
 * Replaces dist by what src says now.
 * @returns {Promise<boolean>} false when src does not compile; the compiler has said why.
 */
export async function build() {
  const made = join(CACHE, `build-${process.pid}`);
  const old = `${made}-old`;
  const started = new Date();
  mkdirSync(CACHE, { recursive: true });
  try {
    const compiled = spawnSync(
      process.execPath,
      [COMPILER, '--project', join(ROOT, 'tsconfig.json'), '--outDir', made],
      { stdio: 'inherit' },
    );
    if (compiled.status !== 0) return false;
    await bundle(made);
    await bundleForBrowsers(made);
    const command = join(made, COMMAND);
    if (existsSync(command)) chmodSync(command, 0o755);
    // A file that is saved while the compiler runs is younger than this build.
    utimesSync(made, started, started);
    if (existsSync(DIST)) renameSync(DIST, old);
    renameSync(made, DIST);
    return true;
  } finally {
    rmSync(made, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

/** Builds when dist is missing or a file of src is younger. */
export async function buildWhenStale() {
  const isFresh = existsSync(DIST) && statSync(DIST).mtimeMs > newestMs(join(ROOT, 'src'));
  return isFresh || (await build());
}

/** @param {string} folder */
function newestMs(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Math.max(...names.map((name) => statSync(join(folder, name)).mtimeMs));
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = (await build()) ? 0 : 1;
}
