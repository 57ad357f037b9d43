/** A suite's package and what its tests need, in a folder of their own, once; and copies of it to run in. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { npmFolder } from '../../../bench/npm-folder.js';
import type { Suite } from './suite-table.js';

/**
 * The folder that has the package in node_modules.
 * @throws {Error} when npm cannot install it, or gives another package under this version.
 */
export function installSuite(suite: Suite, say: (line: string) => void): string {
  const { name, version, integrity, needs } = suite;
  const packages = { ...needs, [name]: version };
  const folder = npmFolder(`fault-suites/${name.replace('/', '+')}-${version}`, packages, say);
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const found = lock.packages[`node_modules/${name}`]?.integrity;
  if (found === integrity) return folder;
  throw new Error(`${name} ${version}: expected ${integrity}, got ${found} in ${folder}`);
}

/** A copy that one run may write into, beside node_modules, so that it finds what it needs. */
export function copySuite({ name, tests }: Suite, folder: string): string {
  // By its real path, which is what the runner calls its files.
  const copy = realpathSync(mkdtempSync(join(folder, 'run-')));
  if (tests === undefined) cpSync(join(folder, 'node_modules', name), copy, { recursive: true });
  else cpSync(tests, join(copy, 'documented.test.mjs'));
  return copy;
}

/** Its test files, in a fixed order, by their paths in the copy. */
export function filesOf({ files, except }: Suite, copy: string): string[] {
  const names = readdirSync(copy, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => files.test(name) && !except?.test(name)).sort();
}
