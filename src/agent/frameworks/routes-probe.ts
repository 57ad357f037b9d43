/** Starts the adapters of ./adapter-table.ts on this thread: who names the routes of requests. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { guarded } from '../guarded.js';
import { hookModules, type LoadedModule, type ModuleHook } from '../module-hooks.js';
import type { Probe } from '../probe.js';
import { ADAPTERS, type AfterHookAdapter } from './adapter-table.js';
import { watchEsm } from './esm-exports.js';

export const routesProbe: Probe = {
  name: 'routes',
  start({ warn }) {
    const hooks: ModuleHook[] = [];
    const listeners = new Map<string, (message: unknown) => void>();
    for (const adapter of ADAPTERS) {
      switch (adapter.tier) {
        case 'channel': {
          const onMessage = guarded(adapter.framework, warn, adapter.subscriber(warn));
          listeners.set(adapter.channel, onMessage as (message: unknown) => void);
          subscribe(adapter.channel, onMessage as (message: unknown) => void);
          break;
        }
        case 'after-hook':
          hooks.push({ file: adapter.file, onLoad: (loaded) => patch(adapter, loaded) });
          break;
        case 'esm': {
          const onLoad = (exports: object): void => adapter.patch(exports, warn);
          const watch = guarded(adapter.framework, warn, (script: string | undefined) =>
            watchEsm({ ...adapter, onLoad }, script, warn),
          );
          watch(process.argv[1]);
          break;
        }
      }
    }
    function patch({ patch, supersedes = '' }: AfterHookAdapter, loaded: LoadedModule): void {
      const listener = listeners.get(supersedes);
      if (patch(loaded, warn) === true && listener !== undefined) unsubscribe(supersedes, listener);
    }
    hookModules(hooks, warn);
  },
};
