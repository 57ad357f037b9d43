/** Starts adapters on this thread: subscribes to channels, and watches for files that load. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Adapter, AfterHookAdapter } from './adapter.js';
import { ApplicationPackages } from './application-packages.js';
import { watchBuiltin } from './builtin-modules.js';
import { watchEsm } from './esm-exports.js';
import { guarded, guardedCall } from './guarded.js';
import { hookModules, type LoadedModule, type ModuleHook } from './module-hooks.js';
import type { ProbeHost } from './probe.js';
import { launchOf } from './process-manager.js';

/** `onMet` is told of each library, with the file that was met where there is one; often more than once. */
export function startAdapters(
  adapters: readonly Adapter[],
  host: ProbeHost,
  onMet: (adapter: Adapter, path: string | undefined) => void = () => {},
): void {
  const { warn } = host;
  const hooks: ModuleHook[] = [];
  const packages = new ApplicationPackages(launchOf(process.argv[1], process.env).script);
  const watches: (() => void)[] = [];
  const listeners = new Map<string, (message: unknown) => void>();
  for (const adapter of adapters) {
    switch (adapter.tier) {
      case 'channel': {
        // Made by the first message: its code is loaded late.
        let listen: ((message: never) => void) | undefined;
        const onMessage = guarded(adapter.library, warn, (message: unknown) => {
          if (listen === undefined) {
            onMet(adapter, undefined);
            listen = adapter.subscriber(host);
          }
          listen(message as never);
        });
        listeners.set(adapter.channel, onMessage);
        subscribe(adapter.channel, onMessage);
        break;
      }
      case 'after-hook':
        hooks.push({ file: adapter.file, onLoad: (loaded) => patch(adapter, loaded) });
        break;
      case 'esm': {
        const onLoad = (exports: object): unknown => {
          onMet(adapter, undefined);
          return adapter.patch(exports, host);
        };
        const watch = guardedCall(adapter.library, warn, () =>
          watchEsm({ ...adapter, onLoad }, packages, warn),
        );
        watches.push(watch);
        break;
      }
      case 'builtin':
        watchBuiltin(
          adapter.module,
          guarded(adapter.library, warn, (exports: object) => {
            onMet(adapter, undefined);
            adapter.patch(exports, host);
          }),
        );
        break;
    }
  }
  function patch(adapter: AfterHookAdapter, loaded: LoadedModule): void {
    onMet(adapter, loaded.filename);
    const isSuperseding = adapter.patch(loaded, host) === true;
    const { supersedes = '' } = adapter;
    const listener = listeners.get(supersedes);
    if (isSuperseding && listener !== undefined) unsubscribe(supersedes, listener);
  }
  // First: an ES module that is loaded ahead may bring CommonJS files with it.
  if (hooks.length > 0) hookModules(hooks, warn);
  for (const watch of watches) watch();
}
