/**
 * Calls back after a CommonJS file of a fixed table has been evaluated, however it was loaded: every
 * `require` and every `import` of such a file ends in `Module.prototype._compile`. Runs on each
 * application thread, while modules load; no source is rewritten.
 */
import Module from 'node:module';
import { dressAs } from './dress-as.js';
import { guarded, type Warn } from './guarded.js';

/** The file's module object: a hook may patch `exports` in place, or put another in its place. */
export interface LoadedModule {
  readonly filename: string;
  exports: unknown;
  /** Loads as the file itself would. */
  require(path: string): unknown;
}

export interface ModuleHook {
  /** End of the file's path, with forward slashes: `koa/lib/application.js`. */
  readonly file: string;
  readonly onLoad: (loaded: LoadedModule) => void;
}

type Compile = (this: LoadedModule, ...args: unknown[]) => unknown;

/** Starts to watch for the files of `hooks`. A hook that throws is caught; the module is as it was. */
export function hookModules(hooks: readonly ModuleHook[], warn: Warn): void {
  const byBaseName = groupByBaseName(hooks, warn);
  const prototype = Module.prototype as unknown as { _compile: Compile };
  const compile = prototype._compile;

  const wrapped = function (this: LoadedModule, ...args: unknown[]): unknown {
    const result = Reflect.apply(compile, this, args);
    const { filename } = this;
    // Modules compiled from memory have no file.
    if (typeof filename !== 'string') return result;
    // One look-up by the base name is all that most files cost.
    const candidates = byBaseName.get(baseNameOf(filename));
    if (candidates !== undefined) {
      const path = filename.replaceAll('\\', '/');
      for (const { file, onLoad } of candidates) if (path.endsWith(`/${file}`)) onLoad(this);
    }
    return result;
  };
  prototype._compile = dressAs(wrapped as never, compile as never) as Compile;
}

function groupByBaseName(
  hooks: readonly ModuleHook[],
  warn: Warn,
): ReadonlyMap<string, readonly ModuleHook[]> {
  const groups = new Map<string, ModuleHook[]>();
  for (const { file, onLoad } of hooks) {
    const safe = { file, onLoad: guarded(`hook of ${file}`, warn, onLoad) };
    const group = groups.get(baseNameOf(file));
    if (group === undefined) groups.set(baseNameOf(file), [safe]);
    else group.push(safe);
  }
  return groups;
}

function baseNameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
