/**
 * Whether this thread is to be recorded. `--import` reaches more than the application: the agent's
 * own worker, and through NODE_OPTIONS package managers, compilers and process managers.
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
  'pm2',
  'pm2-runtime',
  'pm2-docker',
  'pm2-dev',
  'tsc',
  'tsserver',
  'node-gyp',
  'tachograph',
]);

/** Those that only their folder tells: our own command, the Yarn that a project brings along, PM2's daemon. */
const TOOL_FILES =
  /[\\/](?:dist[\\/]cli[\\/]main\.js|\.yarn[\\/]releases[\\/][^\\/]+|pm2[\\/]lib[\\/]Daemon\.js)$/;

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

/** True when `script`, the entry of the process, is a package manager and its kin, a compiler or our own command. */
export function isTool(script: string | undefined): boolean {
  if (script === undefined) return false;
  const name = script.slice(Math.max(script.lastIndexOf('/'), script.lastIndexOf('\\')) + 1);
  return TOOLS.has(name.replace(/\.[cm]?js$/, '')) || TOOL_FILES.test(script);
}

/** True the first time it is called in a thread, whichever copy of the package calls it. */
export function claimThread(): boolean {
  if ((globalThis as { [STARTED]?: true })[STARTED]) return false;
  hideGlobally(STARTED, true);
  return true;
}
