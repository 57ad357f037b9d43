/**
 * Middleware of Hono, as it is given to `app.use`: until it calls `next`. As in ../frameworks/hono.ts a
 * class of ours goes between `Hono` and its parent, because `use` is made for each application. Hot path.
 */
import type { IncomingMessage } from 'node:http';
import { dressAs } from '../dress-as.js';
import { guardedCall } from '../guarded.js';
import type { ProbeHost } from '../probe.js';
import { stateOf } from '../request-state.js';
import { middlewareOf } from './middleware.js';
import type { Method } from './outermost.js';

interface HonoContext {
  readonly env?: { readonly incoming?: IncomingMessage };
}
type HonoMiddleware = (this: unknown, context: HonoContext, next: Method) => unknown;
interface Hono {
  use: Method;
}
type HonoConstructor = new (...args: unknown[]) => Hono;

/** For hono.js, preset/quick.js and preset/tiny.js of either build. */
export function patchHonoMiddleware(exports: object, host: ProbeHost): void {
  const { Hono } = exports as { Hono?: HonoConstructor };
  if (typeof Hono !== 'function') return;
  const Base = Object.getPrototypeOf(Hono) as HonoConstructor;
  // A class without a parent has the prototype of all functions there.
  if (typeof Base.prototype !== 'object') return;
  const observe = createObserve(host);
  const construct = function (this: unknown, ...args: unknown[]): Hono {
    const app = Reflect.construct(Base, args, new.target ?? Base) as Hono;
    watchUse(app, observe);
    return app;
  };
  Object.setPrototypeOf(construct, Base);
  Object.setPrototypeOf(Hono, dressAs(construct as never, Base));
}

function watchUse(app: Hono, observe: (middleware: unknown) => unknown): void {
  const { use } = app;
  if (typeof use !== 'function') return;
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    return use.apply(this, args.map(observe));
  };
  app.use = dressAs(wrapped as never, use);
}

function createObserve(host: ProbeHost): (middleware: unknown) => unknown {
  const layers = middlewareOf(host);
  const name = 'middleware, hono';
  const enter = guardedCall(name, host.warn, (context: HonoContext, label: string) =>
    layers.enter(context.env?.incoming, 'hono', label),
  );
  const leave = guardedCall(name, host.warn, (context: HonoContext) => {
    const state = stateOf(context.env?.incoming);
    if (state !== undefined) layers.leaveOf(state);
  });
  const known = new WeakMap<object, unknown>();
  return (given) => {
    if (typeof given !== 'function') return given;
    const made = known.get(given) ?? observed(given as HonoMiddleware, enter, leave);
    known.set(given, made);
    return made;
  };
}

function observed(
  original: HonoMiddleware,
  enter: (context: HonoContext, label: string) => void,
  leave: (context: HonoContext) => void,
): HonoMiddleware {
  const wrapped: HonoMiddleware = function (context, next) {
    enter(context, original.name);
    const passOn: Method = function (...args) {
      leave(context);
      return next.apply(this, args);
    };
    return original.call(this, context, passOn);
  };
  return dressAs(wrapped as never, original);
}
