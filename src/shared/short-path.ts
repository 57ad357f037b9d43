/**
 * What of a path may leave the process: what names the code, and not the person or the machine. Pure.
 *
 * Below the working folder, relative to it; in a package, from `node_modules` on; below the home folder,
 * from there on; elsewhere the file and its folder, without the name of whoever's folder that is. What is
 * relative stays as it is, unless it leads upwards.
 */
import { posix } from 'node:path';

export interface Folders {
  /** Where the process works. */
  readonly working: string;
  /** Of who runs it. Empty where nobody knows. */
  readonly home: string;
}

const LENGTH_MAX = 256;
/** Of root, whoever the environment says is at home. */
const ROOT_HOME = '/root';
/** Folders in which people have theirs. */
const HOMES: ReadonlySet<string> = new Set(['home', 'Users']);
/** From the root of a disk, of a URL, or upwards. */
const OUTSIDE = /^(?:\/|[a-z][\w+.-]*:|\.\.\/)/i;

export function shortPath(path: string, { working, home }: Folders): string {
  const plain = posix.normalize(withSlashes(path));
  const relative = below(plain, working);
  if (relative !== undefined) return ending(relative);
  const inModules = plain.lastIndexOf('/node_modules/');
  if (inModules >= 0) return ending(plain.slice(inModules + 1));
  const atHome = below(plain, home) ?? below(plain, ROOT_HOME);
  if (atHome !== undefined) return ending(`~/${atHome}`);
  return ending(OUTSIDE.test(plain) ? lastParts(plain) : plain);
}

/** Undefined where `path` is not in the folder. The root is no folder of anybody's. */
function below(path: string, folder: string): string | undefined {
  const base = withSlashes(folder).replace(/\/+$/, '');
  return base !== '' && path.startsWith(`${base}/`) ? path.slice(base.length + 1) : undefined;
}

function lastParts(path: string): string {
  const parts = path.split('/').filter(Boolean);
  const isInHome = HOMES.has(parts.at(-3) ?? '');
  return ['…', ...parts.slice(isInHome ? -1 : -2)].join('/');
}

function withSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}

/** The end of a long path is what tells it apart. */
function ending(path: string): string {
  return path.length <= LENGTH_MAX ? path : `…${path.slice(1 - LENGTH_MAX)}`;
}
