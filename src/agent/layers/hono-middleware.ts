/**
 * Middleware of Hono, whether it is given to `app.use` or together with a handler: until it calls `next`
 * or fails. One that answers was the handler, and is not counted. Hot path.
 */
import { dressAs } from '../dress-as.js';
import { guardedCall } from '../guarded.js';
import { derive, isPlainPromise } from '../plain-promise.js';
import type { ProbeHost } from '../probe.js';
import { stateOf } from '../request-state.js';
import {
  type HonoContext,
  type HonoHandler,
  type ObserveHandler,
  observeHonoHandlers,
} from './hono-handlers.js';
import { middlewareOf } from './middleware.js';
import type { Method } from './outermost.js';
import { perHost } from './per-host.js';

/** A function that declares fewer parameters cannot pass a request on, unless it takes the rest of them. */
const MIDDLEWARE_LENGTH = 2;

/** For hono.js, preset/quick.js and preset/tiny.js of either build. */
export function patchHonoMiddleware(exports: object, host: ProbeHost): void {
  observeHonoHandlers(exports, host, observerOf(host));
}

interface Layer {
  readonly enter: (context: HonoContext) => void;
  readonly leave: (context: HonoContext) => void;
}

const observerOf: (host: ProbeHost) => ObserveHandler = perHost((host) => {
  const middleware = middlewareOf(host);
  const title = 'middleware, hono';
  const leave = guardedCall(title, host.warn, (context: HonoContext) => {
    const state = stateOf(context.env?.incoming);
    if (state !== undefined) middleware.leaveOf(state);
  });
  return (handler, { method, name, length }) => {
    if (length < MIDDLEWARE_LENGTH && method !== 'ALL') return handler;
    const enter = guardedCall(title, host.warn, (context: HonoContext) =>
      middleware.enter(context.env?.incoming, 'hono', name),
    );
    return observed(handler, { enter, leave });
  };
});

function observed(original: HonoHandler, { enter, leave }: Layer): HonoHandler {
  const wrapped: HonoHandler = function (context, next) {
    let isOpen = true;
    const passOn: Method = function (...args) {
      if (isOpen) leave(context);
      isOpen = false;
      return next.apply(this, args);
    };
    const end = (error: unknown): void => {
      // Of an application with an error handler of its own: what is thrown is caught within.
      if (isOpen && (error ?? context.error) !== undefined) leave(context);
      isOpen = false;
    };
    enter(context);
    let result: unknown;
    try {
      result = original.call(this, context, passOn);
    } catch (error) {
      end(error ?? 'thrown');
      throw error;
    }
    if (!isOpen || !isPlainPromise(result)) return result;
    return derive(
      result,
      (value) => {
        end(undefined);
        return value;
      },
      (error) => {
        end(error ?? 'rejected');
        throw error;
      },
    );
  };
  return dressAs(wrapped as never, original);
}
