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

interface Cluster {
  readonly worker?: { readonly id: number };
  readonly settings?: { readonly exec?: string };
}

/** node:cluster where the application, or the runtime of a cluster's worker, has loaded it: 2.4 MB otherwise. */
export function loadedCluster(): Cluster | undefined {
  return isLoaded('cluster') ? (process.getBuiltinModule('node:cluster') as Cluster) : undefined;
}

/** Whether a module of Node's own has been loaded. The list is undocumented, and the same on Node.js 20 to 26. */
export function isLoaded(name: string): boolean {
  const { moduleLoadList } = process as unknown as { moduleLoadList: readonly string[] };
  return moduleLoadList.includes(`NativeModule ${name}`);
}
