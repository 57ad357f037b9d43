/**
 * From Node.js 24 on the events of a request's body (`data`, `end`) belong to whatever made the runtime
 * read the socket, when the body comes later than the head. So they are emitted as the request's own.
 * Installed when requests are first followed: who is not followed pays nothing. Hot path.
 */
import type { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { dressAs } from './dress-as.js';
import { http } from './late-builtins.js';
import { stateOf } from './request-state.js';
import type { Unit } from './unit.js';

const FIRST_MAJOR = 24;

type Emit = (this: IncomingMessage, ...args: unknown[]) => boolean;

export function keepContextInBodies(storage: AsyncLocalStorage<Unit>): void {
  if (Number.parseInt(process.versions.node, 10) < FIRST_MAJOR) return;
  const { prototype } = http().IncomingMessage;
  const emit = prototype.emit as Emit;
  const wrapped: Emit = function (...args) {
    const state = stateOf(this);
    if (state === undefined || state.isDone || storage.getStore() === state) {
      return emit.apply(this, args);
    }
    return storage.run(state, () => emit.apply(this, args));
  };
  // An own property, for the method is inherited from EventEmitter, which must stay as it is.
  Object.defineProperty(prototype, 'emit', {
    value: dressAs(wrapped as never, emit as never),
    writable: true,
    configurable: true,
  });
}
