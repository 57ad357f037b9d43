/**
 * Which request the code that runs now belongs to. One AsyncLocalStorage a thread; switched off
 * by TACHOGRAPH_CONTEXT=off, and then nothing is attributed.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestState } from './request-state.js';

export interface RequestContext {
  /** Makes `state` current for the rest of this asynchronous execution. */
  enter(state: RequestState): void;
  current(): RequestState | undefined;
}

export function createContext(isOn: boolean): RequestContext {
  if (!isOn) return { enter: () => {}, current: () => undefined };
  const storage = new AsyncLocalStorage<RequestState>();
  return {
    enter: (state) => storage.enterWith(state),
    current: () => storage.getStore(),
  };
}
