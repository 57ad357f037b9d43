/**
 * Every function that Hono may call for a request, observed as it is put into a router: so several in
 * one call are each seen, and what `app.routes` lists stays the application's own. The router is made by
 * each application's constructor, and the class of applications cannot be replaced where it is imported:
 * as in ../frameworks/hono.ts a class of ours goes between `Hono` and its parent.
 */
import type { IncomingMessage } from 'node:http';
import { dressAs } from '../dress-as.js';
import { guardedCall } from '../guarded.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import type { Method } from './outermost.js';
import { perHost } from './per-host.js';

export interface HonoContext {
  readonly env?: { readonly incoming?: IncomingMessage };
  /** What a middleware or handler threw, once it was caught. */
  readonly error?: unknown;
  json?: Method;
}
export type HonoHandler = (this: unknown, context: HonoContext, next: Method) => unknown;
export interface HonoRoute {
  /** `ALL` of what was given to `use` and `all`. */
  readonly method: string;
  /** Of a function that an application with an error handler of its own has put around another. */
  readonly name: string;
  readonly length: number;
}
/** What stands in for a handler; it may be the handler itself. */
export type ObserveHandler = (handler: HonoHandler, route: HonoRoute) => HonoHandler;

interface Wrapping extends HonoHandler {
  readonly __COMPOSED_HANDLER?: HonoHandler;
}
interface Router {
  add: Method;
}
type HonoConstructor = new (...args: unknown[]) => object;

interface Watch {
  readonly observers: Set<ObserveHandler>;
  /** Classes, prototypes and routers that are watched: presets and applications share them. */
  readonly watched: WeakSet<object>;
  /** While an application is mounted: what leads to it is no part of either. */
  isMounting: boolean;
}
const watchOf: (host: ProbeHost) => Watch = perHost(() => ({
  observers: new Set(),
  watched: new WeakSet(),
  isMounting: false,
}));

/** For hono.js, preset/quick.js and preset/tiny.js of either build. */
export function observeHonoHandlers(
  exports: object,
  host: ProbeHost,
  observe: ObserveHandler,
): void {
  const { Hono } = exports as { Hono?: HonoConstructor };
  if (typeof Hono !== 'function') return;
  const watch = watchOf(host);
  watch.observers.add(observe);
  const Base = Object.getPrototypeOf(Hono) as HonoConstructor;
  // A class without a parent has the prototype of all functions there.
  if (typeof Base.prototype !== 'object' || !isNew(Hono, watch)) return;
  const watchRouter = guardedCall('layers, hono', host.warn, (router: Router) =>
    observeAdd(router, watch),
  );
  const construct = function (this: unknown, ...args: unknown[]): object {
    const app = Reflect.construct(Base, args, new.target ?? Base) as object;
    whenRouterIsSet(app, watchRouter);
    return app;
  };
  Object.setPrototypeOf(construct, Base);
  Object.setPrototypeOf(Hono, dressAs(construct as never, Base));
  if (isNew(Base.prototype as object, watch)) markMounting(Base.prototype as object, watch);
}

/** True the first time it is asked of `target`. */
function isNew(target: object, { watched }: Watch): boolean {
  if (watched.has(target)) return false;
  watched.add(target);
  return true;
}

function markMounting(prototype: object, watch: Watch): void {
  replaceMethod(
    prototype,
    'mount',
    (mount) =>
      function (...args) {
        watch.isMounting = true;
        try {
          return mount.apply(this, args);
        } finally {
          watch.isMounting = false;
        }
      },
  );
}

/** The constructor goes on after ours: until it has set the router there is an accessor in its place. */
function whenRouterIsSet(app: object, watchRouter: (router: Router) => void): void {
  const descriptor = Object.getOwnPropertyDescriptor(app, 'router');
  if (descriptor?.configurable !== true || !('value' in descriptor)) return;
  if (descriptor.value !== undefined) {
    watchRouter(descriptor.value as Router);
    return;
  }
  Object.defineProperty(app, 'router', {
    configurable: true,
    enumerable: descriptor.enumerable ?? true,
    get: () => undefined,
    set(router: Router) {
      Object.defineProperty(app, 'router', { ...descriptor, value: router });
      watchRouter(router);
    },
  });
}

/** A router gets its entries as [handler, route]. */
function observeAdd(router: Router, watch: Watch): void {
  if (typeof router.add !== 'function' || !isNew(router, watch)) return;
  const { add } = router;
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const [method, path, entry, ...rest] = args;
    if (watch.isMounting || !Array.isArray(entry) || typeof entry[0] !== 'function') {
      return add.apply(this, args);
    }
    const [handler, ...others] = entry as [Wrapping, ...unknown[]];
    const { name, length } = innermost(handler);
    let observed: HonoHandler = handler;
    for (const observe of watch.observers) {
      observed = observe(observed, { method: String(method), name, length });
    }
    return add.apply(this, [method, path, [observed, ...others], ...rest]);
  };
  const value = dressAs(wrapped as never, add);
  Object.defineProperty(router, 'add', { value, writable: true, configurable: true });
}

function innermost(handler: Wrapping): HonoHandler {
  let at: Wrapping = handler;
  while (at.__COMPOSED_HANDLER !== undefined) at = at.__COMPOSED_HANDLER;
  return at;
}
