/**
 * Reaches the exports of a package's ES modules before the application uses them. Runs once on each
 * application thread, before the application; does nothing when the package is not installed.
 *
 * Where `module.registerHooks` is safe, a line appended to the file hands its exports over when (and
 * only if) the application loads it. Elsewhere the files are loaded ahead, which is only worth it
 * when the application says that it uses the package.
 */
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ApplicationPackages } from './application-packages.js';
import { guarded, type Warn } from './guarded.js';
import { hideGlobally } from './hidden-global.js';

export interface EsmFiles {
  readonly packageName: string;
  /** Within the package, with forward slashes. */
  readonly files: readonly string[];
  /** Tells it from others that watch the same package. */
  readonly probe: string;
  readonly onLoad: (exports: object) => unknown;
  /** See EsmAdapter. */
  readonly rebinds?: readonly string[];
  readonly isEarly?: boolean;
  readonly neverAhead?: boolean;
}

/**
 * `registerHooks` together with anyone's `module.register` crashes the process before these
 * versions, and in all of 23; found by trying.
 */
const SAFE_SINCE: ReadonlyMap<number, readonly [minor: number, patch: number]> = new Map([
  [22, [22, 3]],
  [24, [11, 1]],
  [25, [1, 0]],
]);

type LoadResult = { readonly format?: string | null; readonly source?: unknown };
type NextLoad = (url: string, context: unknown) => LoadResult;
interface SyncHooks {
  load(url: string, context: unknown, nextLoad: NextLoad): LoadResult;
}
type RegisterHooks = (hooks: SyncHooks) => unknown;
type OnLoad = (exports: object) => unknown;

export function watchEsm(watched: EsmFiles, packages: ApplicationPackages, warn: Warn): void {
  const { registerHooks } = module as unknown as { registerHooks?: RegisterHooks };
  const isHooked = registerHooks !== undefined && areHooksSafe(process.versions.node);
  // Most packages are named by no manifest, so the disk need not be asked for them.
  if (!isHooked && !(mayLoadAhead(watched) && packages.usesAsEsm(watched.packageName))) return;
  const folder = packages.find(watched.packageName);
  if (folder === undefined) return;
  const onLoad = guardedLoad(watched, warn);
  if (isHooked) appendToFiles(registerHooks, watched, onLoad);
  else loadAhead(folder, watched.files, onLoad);
}

/** As `onLoad`, whose errors are caught. */
function guardedLoad({ packageName, onLoad }: EsmFiles, warn: Warn): OnLoad {
  let replacements: unknown;
  const load = guarded(`exports of ${packageName}`, warn, (exports: object) => {
    replacements = onLoad(exports);
  });
  return (exports) => {
    replacements = undefined;
    load(exports);
    return replacements;
  };
}

export function areHooksSafe(nodeVersion: string): boolean {
  const [major = 0, minor = 0, patch = 0] = nodeVersion.split('.').map(Number);
  const since = SAFE_SINCE.get(major);
  if (since === undefined) return major > 25;
  return minor > since[0] || (minor === since[0] && patch >= since[1]);
}

function appendToFiles(
  registerHooks: RegisterHooks,
  { packageName, files, probe, rebinds = [], isEarly = false }: EsmFiles,
  onLoad: OnLoad,
): void {
  const suffixes = files.map((file) => `/${packageName}/${file}`);
  const key = `tachograph.loaded.${probe}.${packageName}/${files[0]}`;
  hideGlobally(Symbol.for(key), onLoad);
  const name = `tachograph_${probe.replaceAll('-', '_')}`;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!suffixes.some((suffix) => url.endsWith(suffix))) return loaded;
      // Another version may have a CommonJS file there.
      if (loaded.format !== 'module') return loaded;
      const before = isEarly ? earlyHandover(key, rebinds) : '';
      const after = isEarly ? '' : handover(url, key, name, rebinds);
      return { ...loaded, source: framed(loaded.source, before, after) };
    },
  });
}

/** The lines of the file keep their numbers. */
function framed(source: unknown, before: string, after: string): unknown {
  const isText = typeof source === 'string';
  if (!isText && !(source instanceof Uint8Array)) return source;
  return `${before}${isText ? source : Buffer.from(source).toString()}\n${after}\n`;
}

/** Functions are there before the first statement. Where a name is none, the file stays as it is. */
function earlyHandover(key: string, names: readonly string[]): string {
  const load = `globalThis[Symbol.for(${JSON.stringify(key)})]?.({${names.join()}})`;
  const rebind = names.map((local) => `${local}=made?.${local}??${local}`);
  return `try{const made=${load};${rebind.join(';')}}catch{};`;
}

/**
 * A module may import itself: no name that is local to the file has to be known, but for those that are
 * rebound. Where one of them is not there or constant, the file stays as it is.
 */
function handover(url: string, key: string, name: string, rebinds: readonly string[]): string {
  const [from, symbol] = [url, key].map((value) => JSON.stringify(value));
  const load = `globalThis[Symbol.for(${symbol})]?.(${name})`;
  const rebind = rebinds.map((local) => `try{${local}=${name}_new?.${local}??${local}}catch{}`);
  return `import * as ${name} from ${from};const ${name}_new=${load};${rebind.join(';')}`;
}

function mayLoadAhead({ rebinds, neverAhead = false }: EsmFiles): boolean {
  return rebinds === undefined && !neverAhead;
}

function loadAhead(folder: string, files: readonly string[], onLoad: OnLoad): void {
  const { require_module: canRequire } = process.features as { require_module?: boolean };
  // An `import()` from here would come too late: the application runs before it is done.
  if (!canRequire) return;
  const require = createRequire(join(folder, 'package.json'));
  for (const file of files) {
    const path = join(folder, file);
    if (existsSync(path)) onLoad(require(path) as object);
  }
}
