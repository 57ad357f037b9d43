/**
 * Which request the code that runs now belongs to. One AsyncLocalStorage a thread at most.
 *
 * Following requests costs every asynchronous step of the process (Node 20: about 3 µs a request,
 * docs/internals/performance.md), so with `auto` it begins when first somebody asks: an application
 * that calls nobody never pays. Of the requests that were open then only a single one can be told.
 */
import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Options } from '../shared/options.js';
import { asyncHooks } from './late-builtins.js';
import type { RequestState } from './request-state.js';

export interface RequestContext {
  /** Makes `state` current for the rest of this asynchronous execution. */
  enter(state: RequestState): void;
  current(): RequestState | undefined;
}

/** `onlyOpen` gives the request that is open now, when it is the only one. */
export function createContext(
  mode: Options['context'],
  onlyOpen: () => RequestState | undefined,
): RequestContext {
  if (mode === 'off') return { enter: () => {}, current: () => undefined };
  const create = (): AsyncLocalStorage<RequestState> => new (asyncHooks().AsyncLocalStorage)();
  let storage = mode === 'on' ? create() : undefined;
  return {
    enter: (state) => storage?.enterWith(state),
    current() {
      if (storage !== undefined) return storage.getStore();
      storage = create();
      const open = onlyOpen();
      if (open !== undefined) storage.enterWith(open);
      return open;
    },
  };
}
