/**
 * What of a path may leave the process: what names the code, and not the person or the machine. Pure.
 *
 * Below the working folder, relative to it; in a package, from `node_modules` on; below the home folder,
 * from there on; elsewhere the file and its folder, without the name of whoever's folder that is. Of a URL
 * its path alone. What is relative stays as it is, unless it leads upwards: then it is where that leads.
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
/** Folders in which people have theirs, and their names below them. */
const HOMES: ReadonlySet<string> = new Set(['home', 'users']);
/** Of Node.js itself: `node:internal/timers`. */
const BUILTIN = /^node:[\w/]+$/;
/** Scheme and authority of a URL: who signs in where, and with what. Letters of disks are no schemes. */
const ORIGIN = /^[a-z][\w+.-]+:(?:\/\/[^/]*)?/i;
/** A server of Windows, and what it shares. */
const SHARE = /^\/\/[^/]*\/[^/]*/;
const UPWARDS = /^\.\.(?:\/|$)/;
/** From the root of a disk, or upwards of nobody knows what. */
const OUTSIDE = /^(?:\/|[a-z]:|\.\.(?:\/|$))/i;

export function shortPath(path: string, { working, home }: Folders): string {
  if (BUILTIN.test(path)) return ending(path);
  // The code itself stands in it.
  if (/^data:/i.test(path)) return 'data:';
  const plain = plainPath(withSlashes(path), working);
  const relative = below(plain, working);
  if (relative !== undefined) return ending(relative);
  const inModules = plain.lastIndexOf('/node_modules/');
  if (inModules >= 0) return ending(plain.slice(inModules + 1));
  const atHome = below(plain, home) ?? below(plain, ROOT_HOME);
  if (atHome !== undefined) return ending(`~/${atHome}`);
  return ending(OUTSIDE.test(plain) ? lastParts(plain) : plain);
}

/** Without origin, query, share and detours; absolute where it leads out of the working folder. */
function plainPath(path: string, working: string): string {
  const origin = ORIGIN.exec(path)?.[0];
  if (origin !== undefined) return posix.normalize(`/${pathOfUrl(path.slice(origin.length))}`);
  const plain = posix.normalize(path.replace(SHARE, ''));
  return UPWARDS.test(plain) ? posix.join(withSlashes(working), plain) : plain;
}

/** `file:///C:/app/x.js` is on a disk of Windows. */
function pathOfUrl(path: string): string {
  return path.replace(/[?#].*$/s, '').replace(/^\/+/, '');
}

/** Undefined where `path` is not in the folder. The root is no folder of anybody's. */
function below(path: string, folder: string): string | undefined {
  const base = withSlashes(folder).replace(/\/+$/, '');
  return base !== '' && path.startsWith(`${base}/`) ? path.slice(base.length + 1) : undefined;
}

function lastParts(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  const home = parts.findLastIndex((part) => HOMES.has(part.toLowerCase()));
  const known = home < 0 ? parts : parts.slice(home + 2);
  return ['…', ...known.slice(-2)].join('/');
}

function withSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}

/** The end of a long path is what tells it apart. */
function ending(path: string): string {
  return path.length <= LENGTH_MAX ? path : `…${path.slice(1 - LENGTH_MAX)}`;
}
