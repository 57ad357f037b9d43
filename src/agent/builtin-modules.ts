/**
 * Reaches a module of Node.js itself when the application first asks for it, by import or by require, and not
 * before: to load it costs, and the runtime may warn that it is experimental. Runs once on each application
 * thread, before the application; does nothing where `module.registerHooks` is not safe.
 *
 * The hook resolves names. One that loads sees the same, and makes the loading of 740 modules 50 ms longer
 * (Node 22 and 24; this one, nothing that can be measured).
 */
import module from 'node:module';
import { areHooksSafe } from './esm-exports.js';

type NextResolve = (specifier: string, context: unknown) => unknown;
interface SyncHooks {
  resolve(specifier: string, context: unknown, nextResolve: NextResolve): unknown;
}
type RegisterHooks = (hooks: SyncHooks) => unknown;

/** `name` with its scheme, as in `node:sqlite`. */
export function watchBuiltin(name: string, onMet: (exports: object) => void): void {
  const { registerHooks } = module as unknown as { registerHooks?: RegisterHooks };
  if (registerHooks === undefined || !areHooksSafe(process.versions.node)) return;
  let isMet = false;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      if (specifier === name && !isMet) {
        isMet = true;
        const exports = (process.getBuiltinModule as (id: string) => object | undefined)(name);
        if (exports !== undefined) onMet(exports);
      }
      return resolved;
    },
  });
}
