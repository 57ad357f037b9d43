/**
 * Middleware of Express and whatever else routes with `router`: each layer that begins ends the one
 * before it, which has passed the request on. So nobody's `next` is wrapped, and a layer costs one
 * reading of the clock. Hot path.
 */
import { dressAs } from '../dress-as.js';
import { guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import { beforeCall } from '../patch-method.js';
import type { ProbeHost } from '../probe.js';
import { stateOf } from '../request-state.js';
import { NO_LAYER } from '../unit.js';
import { middlewareOf } from './middleware.js';
import type { Method } from './outermost.js';

const LIBRARY = 'express';
/** A function of so many parameters handles errors; requests pass it by. */
const ERROR_HANDLER_LENGTH = 4;

interface Layer {
  readonly name?: string;
  /** Of a layer that leads to a route. */
  readonly route?: object;
  readonly handle?: { readonly stack?: unknown; readonly length: number };
}
interface ParamHolder {
  param?: Method;
}
interface RoutedRequest {
  /** The route that matched last, once one did. */
  readonly route?: unknown;
}

/** For lib/router/layer.js of Express 4 and lib/layer.js of `router`. */
export function patchExpressMiddleware({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  const { warn } = host;
  const middleware = middlewareOf(host);
  const observe = (self: object, request: object): void => {
    const { name, route, handle } = self as Layer;
    // Routers and routes only lead to what takes time; an error handler lets the request by.
    const isPassage =
      route !== undefined ||
      handle?.stack !== undefined ||
      (handle?.length ?? 0) >= ERROR_HANDLER_LENGTH;
    if (isPassage) middleware.leave(request);
    else middleware.enter(request, LIBRARY, name === '<anonymous>' ? '' : name);
  };
  beforeCall(prototype, 'handle_request', warn, observe) ||
    beforeCall(prototype, 'handleRequest', warn, observe);
  const onError = (_self: object, _error: unknown, request: object): void => {
    const state = stateOf(request);
    if (state === undefined) return;
    // What failed was a middleware as long as no route had matched; else it may be the handler.
    if ((request as RoutedRequest).route === undefined) middleware.leaveOf(state);
    else state.layerSeries = NO_LAYER;
  };
  beforeCall(prototype, 'handle_error', warn, onError) ||
    beforeCall(prototype, 'handleError', warn, onError);
}

/**
 * For router/index.js: `param` callbacks run before the layer whose parameter they look up does, and
 * would count as the time of the one before it.
 */
export function patchExpressParams({ exports }: LoadedModule, host: ProbeHost): void {
  const router = (exports ?? {}) as ParamHolder & { prototype?: ParamHolder };
  // An application's own file of this name may export a router, which has inherited it.
  const holder = [router.prototype, router].find((one) => one && Object.hasOwn(one, 'param'));
  const original = holder?.param;
  if (holder === undefined || typeof original !== 'function') return;
  const middleware = middlewareOf(host);
  const observe = guardedCall('middleware, param', host.warn, (request: object, name: unknown) =>
    middleware.enter(request, LIBRARY, `param ${String(name)}`),
  );
  const wrapped = function (this: unknown, name: unknown, callback: unknown): unknown {
    if (typeof callback !== 'function') return original.call(this, name, callback);
    const watched = function (this: unknown, ...args: unknown[]): unknown {
      observe(args[0] as object, name);
      return (callback as Method).apply(this, args);
    };
    return original.call(this, name, dressAs(watched as never, callback as Method));
  };
  holder.param = dressAs(wrapped as never, original);
}
