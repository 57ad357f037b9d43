/**
 * Whether this thread is to be recorded. `--import` reaches more than the application: the agent's
 * own worker, and through NODE_OPTIONS package managers and compilers.
 */
import { hideGlobally } from './hidden-global.js';
import { workerThreads } from './late-builtins.js';

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

/**
 * Whether this is the process's main thread. By what the runtime marks as not to be called on other
 * threads: node:worker_threads, which would say so, takes 5 ms to load.
 */
export const IS_MAIN_THREAD: boolean = !(process.abort as { disabled?: boolean }).disabled;

/** True in the agent's own worker thread. */
export function isOwnWorker(): boolean {
  if (IS_MAIN_THREAD) return false;
  const { workerData } = workerThreads();
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
  if ((globalThis as { [STARTED]?: true })[STARTED]) return false;
  hideGlobally(STARTED, true);
  return true;
}
