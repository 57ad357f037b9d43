/**
 * `npm test`: builds, because workers and preload tests run from dist, then runs vitest. Arguments are
 * vitest's: `npm test -- test/agent`.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from './build.js';

const VITEST = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

if (await build()) {
  const args = [VITEST, 'run', ...process.argv.slice(2)];
  const { status, error } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (error) console.error(error.message);
  process.exitCode = status ?? 1;
} else {
  process.exitCode = 1;
}
