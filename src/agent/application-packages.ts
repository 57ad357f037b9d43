/**
 * The packages of the application as its entry sees them: where each is installed, and whether the entry
 * says that it uses it as an ES module. Folders and manifest are read once, when first asked for; before
 * the application's first line, so nothing is looked at twice. Any application thread.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FIELDS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
] as const;

export class ApplicationPackages {
  readonly #script: string;
  readonly #folder: string;
  /** Each `node_modules` above the entry, the nearest first. */
  #modules: readonly string[] | undefined;
  #manifest: Readonly<Record<string, unknown>> | undefined;

  /** @param script the application's entry, `process.argv[1]`; without one the current folder counts */
  constructor(script: string | undefined) {
    this.#script = script ?? '';
    this.#folder = script === undefined ? process.cwd() : dirname(script);
  }

  /** The folder that `packageName` is installed in. */
  find(packageName: string): string | undefined {
    this.#modules ??= foldersAbove(this.#folder)
      .map((folder) => join(folder, 'node_modules'))
      .filter((folder) => existsSync(folder));
    return this.#modules.map((folder) => join(folder, packageName)).find(existsSync);
  }

  /** True when the entry is an ES module whose package.json names `packageName`. Throws when that is no JSON. */
  usesAsEsm(packageName: string): boolean {
    this.#manifest ??= readManifest(this.#folder);
    const { type } = this.#manifest;
    const isEsm =
      type === 'module' ? !/\.c[jt]s$/.test(this.#script) : /\.m[jt]s$/.test(this.#script);
    if (!isEsm) return false;
    return FIELDS.some((field) =>
      Object.hasOwn((this.#manifest?.[field] as object | undefined) ?? {}, packageName),
    );
  }
}

/** Of the nearest package; empty where there is none. */
function readManifest(folder: string): Readonly<Record<string, unknown>> {
  const path = foldersAbove(folder)
    .map((above) => join(above, 'package.json'))
    .find(existsSync);
  return path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8'));
}

/** `folder` and all above it. */
function foldersAbove(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersAbove(above)];
}
