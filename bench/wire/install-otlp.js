/**
 * OpenTelemetry's own encoder, from npm on demand: pinned, in a folder under node_modules/.cache, never in
 * package.json. The folder gets its name when it is complete, so one that is there can be used.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../bench-error.js';

/** The last that run on Node.js 20. */
const PACKAGES = {
  '@opentelemetry/api': '1.9.1',
  '@opentelemetry/otlp-transformer': '0.222.0',
  '@opentelemetry/resources': '2.11.0',
  '@opentelemetry/sdk-metrics': '2.11.0',
};
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/bench-otlp/', import.meta.url));
const INSTALL_MS_MAX = 300_000;

/** @typedef {(name: string) => any} Load A package by its name. */

/**
 * @param {(line: string) => void} progress
 * @returns {Load}
 * @throws {BenchError} when npm cannot install them.
 */
export function installOtlp(progress) {
  const folder = join(CACHE, PACKAGES['@opentelemetry/sdk-metrics']);
  if (!existsSync(folder)) {
    progress(`installing OpenTelemetry's encoder into ${folder}`);
    mkdirSync(CACHE, { recursive: true });
    const part = mkdtempSync(join(CACHE, 'part-'));
    try {
      installInto(part);
      renameSync(part, folder);
    } finally {
      rmSync(part, { recursive: true, force: true });
    }
  }
  return createRequire(join(folder, 'package.json'));
}

/** @param {string} folder */
function installInto(folder) {
  // A project of its own, or npm would install into ours.
  const manifest = { private: true, dependencies: PACKAGES };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund'],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', timeout: INSTALL_MS_MAX },
  );
  if (status === 0) return;
  throw new BenchError(
    `wire: expected ${Object.keys(PACKAGES).join(', ')} from npm, which failed: ${stderr?.trim()}`,
  );
}
