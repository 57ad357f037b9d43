/** Inputs that once broke a promise: test/fixtures/fuzz/<target>/<hash>.bin, run first ever after. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../test/fixtures/fuzz', import.meta.url));

/**
 * @param {string} target
 * @returns {Uint8Array[]}
 */
export function knownFindings(target) {
  const folder = join(FOLDER, target);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).sort();
  return names.map((name) => new Uint8Array(readFileSync(join(folder, name))));
}

/**
 * @param {string} target
 * @param {Uint8Array} input
 * @returns {string} the file
 */
export function keepFinding(target, input) {
  const folder = join(FOLDER, target);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${createHash('sha256').update(input).digest('hex').slice(0, 12)}.bin`);
  writeFileSync(path, input);
  return path;
}
