/**
 * Whether this thread is to be recorded. `--import` reaches more than the application: the agent's
 * own worker, and through NODE_OPTIONS package managers and compilers.
 */
import { workerData } from 'node:worker_threads';

/** In the agent's own worker's workerData; without it workers would start workers without end. */
export const WORKER_MARKER = 'tachographWorker';

/** Tools that are no application. By the script's base name without its extension. */
const TOOLS: ReadonlySet<string> = new Set([
  'npm',
  'npm-cli',
  'npx',
  'npx-cli',
  'yarn',
  'yarnpkg',
  'pnpm',
  'pnpx',
  'corepack',
  'tsc',
  'tsserver',
  'node-gyp',
  'tachograph',
]);

const STARTED = Symbol.for('tachograph.started');

/** True in the agent's own worker thread. */
export function isOwnWorker(): boolean {
  return typeof workerData === 'object' && workerData !== null && WORKER_MARKER in workerData;
}

/** True when `script` (`process.argv[1]`) is a package manager, a compiler or our own command. */
export function isTool(script: string | undefined): boolean {
  if (script === undefined) return false;
  const name = script.slice(Math.max(script.lastIndexOf('/'), script.lastIndexOf('\\')) + 1);
  if (TOOLS.has(name.replace(/\.[cm]?js$/, ''))) return true;
  // Our own command, run by its file.
  return /[\\/]dist[\\/]cli[\\/]main\.js$/.test(script);
}

/** True the first time it is called in a thread, whichever copy of the package calls it. */
export function claimThread(): boolean {
  const registry = globalThis as { [STARTED]?: true };
  if (registry[STARTED]) return false;
  registry[STARTED] = true;
  return true;
}
