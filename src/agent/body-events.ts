/**
 * Events of a request's body (`data`, `end`) that come later than the head belong to whatever made the runtime
 * read the socket: of HTTP/2 always, of HTTP/1 from Node.js 24 on. So they are emitted as the request's own.
 * Installed when requests are followed: who is not followed pays nothing. Hot path.
 */
import type { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerHttp2Stream } from 'node:http2';
import type { RequestContext } from './context.js';
import { dressAs } from './dress-as.js';
import { http } from './late-builtins.js';
import { stateOf } from './request-state.js';
import type { Unit } from './unit.js';

const HTTP1_FIRST_MAJOR = 24;

type Emit = (this: object, ...args: unknown[]) => boolean;
interface Followed {
  getStore(): Unit | undefined;
  run<Result>(unit: Unit, work: () => Result): Result;
}

/** Of HTTP/1. */
export function keepContextInBodies(storage: AsyncLocalStorage<Unit>): void {
  if (Number.parseInt(process.versions.node, 10) < HTTP1_FIRST_MAJOR) return;
  keepContext(http().IncomingMessage.prototype, storage);
}

/** Of HTTP/2, whose class of streams is not exported: `stream` is one of them. */
export function keepContextInStreams(stream: ServerHttp2Stream, context: RequestContext): void {
  keepContext(Object.getPrototypeOf(stream) as object, {
    getStore: context.followed,
    run: context.run,
  });
}

function keepContext(prototype: object, followed: Followed): void {
  const { emit } = prototype as { emit: Emit };
  const wrapped: Emit = function (...args) {
    const state = stateOf(this);
    if (state === undefined || state.isDone || followed.getStore() === state) {
      return emit.apply(this, args);
    }
    return followed.run(state, () => emit.apply(this, args));
  };
  // An own property, for the method is inherited from EventEmitter, which must stay as it is.
  Object.defineProperty(prototype, 'emit', {
    value: dressAs(wrapped as never, emit as never),
    writable: true,
    configurable: true,
  });
}
