/**
 * Modules of Node that the agent needs, but not before the application's first line: each takes 1 to 5 ms
 * of the application's thread to load (node:worker_threads alone 5 on Node 20), and brings others.
 * Loaded by the first call, then only looked up. Not for the hot path.
 */

export const workerThreads = (): typeof import('node:worker_threads') =>
  process.getBuiltinModule('node:worker_threads');

export const perfHooks = (): typeof import('node:perf_hooks') =>
  process.getBuiltinModule('node:perf_hooks');

/** Undefined in builds without an inspector. */
export const inspector = (): typeof import('node:inspector') | undefined =>
  process.getBuiltinModule('node:inspector');
export const http = (): typeof import('node:http') => process.getBuiltinModule('node:http');

export const v8 = (): typeof import('node:v8') => process.getBuiltinModule('node:v8');

export const asyncHooks = (): typeof import('node:async_hooks') =>
  process.getBuiltinModule('node:async_hooks');
