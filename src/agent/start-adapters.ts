/** Starts adapters on this thread: subscribes to channels, and watches for files that load. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Adapter, AfterHookAdapter } from './adapter.js';
import { watchEsm } from './esm-exports.js';
import { guarded } from './guarded.js';
import { hookModules, type LoadedModule, type ModuleHook } from './module-hooks.js';
import type { ProbeHost } from './probe.js';

export function startAdapters(adapters: readonly Adapter[], host: ProbeHost): void {
  const { warn } = host;
  const hooks: ModuleHook[] = [];
  const listeners = new Map<string, (message: unknown) => void>();
  for (const adapter of adapters) {
    switch (adapter.tier) {
      case 'channel': {
        const onMessage = guarded(adapter.library, warn, adapter.subscriber(host));
        listeners.set(adapter.channel, onMessage as (message: unknown) => void);
        subscribe(adapter.channel, onMessage as (message: unknown) => void);
        break;
      }
      case 'after-hook':
        hooks.push({ file: adapter.file, onLoad: (loaded) => patch(adapter, loaded) });
        break;
      case 'esm': {
        const onLoad = (exports: object): unknown => adapter.patch(exports, host);
        const watch = guarded(adapter.library, warn, (script: string | undefined) =>
          watchEsm({ ...adapter, onLoad }, script, warn),
        );
        watch(process.argv[1]);
        break;
      }
    }
  }
  function patch(adapter: AfterHookAdapter, loaded: LoadedModule): void {
    const isSuperseding = adapter.patch(loaded, host) === true;
    const { supersedes = '' } = adapter;
    const listener = listeners.get(supersedes);
    if (isSuperseding && listener !== undefined) unsubscribe(supersedes, listener);
  }
  if (hooks.length > 0) hookModules(hooks, warn);
}
