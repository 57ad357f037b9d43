/**
 * Middleware of Koa and its routers, which all compose with `koa-compose`: the functions to compose are
 * observed ones. What a middleware does after `await next()` is not its time. Hot path.
 */
import type { IncomingMessage } from 'node:http';
import { dressAs } from '../dress-as.js';
import { guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { middlewareOf } from './middleware.js';
import type { Method } from './outermost.js';

interface Context {
  readonly req?: IncomingMessage;
}
type KoaMiddleware = Method & {
  /** A name that koa's own tools give. */
  readonly _name?: string;
  /** Of what leads to a router's routes. */
  readonly router?: unknown;
};
type Compose = (middleware: readonly unknown[], ...rest: unknown[]) => unknown;

/** For koa-compose/index.js. */
export function patchKoaCompose(loaded: LoadedModule, host: ProbeHost): void {
  const compose = loaded.exports as Compose;
  if (typeof compose !== 'function') return;
  const middleware = middlewareOf(host);
  const enter = guardedCall('middleware, koa', host.warn, (context: Context, name: string) =>
    middleware.enter(context.req, 'koa', name),
  );
  const leave = guardedCall('middleware, koa', host.warn, (context: Context) =>
    middleware.leave(context.req),
  );
  /** While a router leads a request on: it composes what it has found. */
  let isRouting = false;
  const observe = (original: KoaMiddleware, isInRouter: boolean): Method => {
    const { router, _name: name = original.name } = original;
    // Routers only lead to what takes time; what they put before each route has no name.
    if (router !== undefined) return wrap(original, leave, '', (is) => (isRouting = is));
    return wrap(original, isInRouter && name === '' ? leave : enter, name);
  };
  const known = [new WeakMap<object, Method>(), new WeakMap<object, Method>()] as const;
  const observed = (original: unknown, isInRouter: boolean): unknown => {
    if (Array.isArray(original)) return original.map((one) => observed(one, isInRouter));
    if (typeof original !== 'function') return original;
    const level = known[isInRouter ? 1 : 0];
    const made = level.get(original) ?? observe(original as KoaMiddleware, isInRouter);
    level.set(original, made);
    return made;
  };
  const wrapped: Compose = function (this: unknown, list, ...rest: unknown[]) {
    if (!Array.isArray(list)) return Reflect.apply(compose, this, [list, ...rest]);
    const isInRouter = isRouting;
    const standIns = list.map((one) => observed(one, isInRouter));
    const composed: unknown = Reflect.apply(compose, this, [standIns, ...rest]);
    // A router composes anew for each request.
    if (isInRouter || typeof composed !== 'function') return composed;
    return keepingUp(composed as Method, list, standIns, (one) => observed(one, false));
  };
  loaded.exports = dressAs(wrapped as never, compose);
}

/**
 * `composed` whose stand-ins are those of `list` as it is when a request comes: until koa-compose 4.2 that is
 * what runs, with the middleware that an application adds once it listens.
 */
function keepingUp(
  composed: Method,
  list: readonly unknown[],
  standIns: unknown[],
  standInOf: (one: unknown) => unknown,
): Method {
  let known = [...list];
  return function (context, next) {
    if (known.length !== list.length || known.some((one, i) => one !== list[i])) {
      known = [...list];
      standIns.splice(0, standIns.length, ...known.map(standInOf));
    }
    return composed.call(this, context, next);
  };
}

/** `original` with `observe` called before it; `mark` is told when it begins and returns. */
function wrap(
  original: KoaMiddleware,
  observe: (context: Context, name: string) => void,
  name: string,
  mark: (isRunning: boolean) => void = () => {},
): Method {
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    observe(args[0] as Context, name);
    mark(true);
    try {
      return original.apply(this, args);
    } finally {
      mark(false);
    }
  };
  return dressAs(wrapped as never, original);
}
