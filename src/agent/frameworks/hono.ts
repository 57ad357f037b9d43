/**
 * Hono on @hono/node-server. What is needed at the end of a request is spread over two objects, and
 * each is met at one place: `app.getPath` is called once for every request and sees the application
 * and Node's request; the getter `c.req` gives the object that knows which of several handlers
 * answered. Hot path.
 */
import type { IncomingMessage } from 'node:http';
import { dressAs } from '../dress-as.js';
import { guardedCall, type Warn } from '../guarded.js';
import { type RouteResolver, setResolver, stateOf } from '../request-state.js';
import { asPrefix, joinTemplate, unlessUnmatched } from './template.js';

interface Handler {
  readonly length: number;
  /** The handler of a mounted application that has an error handler of its own. */
  readonly __COMPOSED_HANDLER?: Handler;
}
interface HonoRoute {
  readonly path: string;
  readonly method: string;
  readonly handler: Handler;
}
type MatchResult = readonly [
  handlers: readonly (readonly [readonly [unknown, HonoRoute], unknown])[],
];
interface Bindings {
  readonly incoming?: IncomingMessage;
}
type GetPath = (this: Hono, request: Request, options?: { readonly env?: Bindings }) => string;
interface Hono {
  getPath: GetPath;
  readonly router: { match(method: string, path: string): MatchResult };
}
interface HonoRequest {
  readonly routeIndex: number;
}
interface HonoContext {
  readonly env?: Bindings;
}

interface HonoVisit {
  readonly app: Hono;
  readonly path: string;
  readonly method: string;
  /** Template of the mount around it, for an application inside another's `mount`. */
  readonly prefix: string;
  /** Known once something has asked for `c.req`: always, when several handlers match. */
  request: HonoRequest | undefined;
}

interface HonoConstructor {
  new (...args: unknown[]): Hono;
  readonly prototype: Hono;
}

/** A class file of Hono, loaded either way. */
export interface HonoExports {
  readonly Hono?: HonoConstructor;
  readonly Context?: { readonly prototype: HonoContext };
}

/** For hono.js, preset/*.js and context.js of either build. */
export function patchHono({ Hono, Context }: HonoExports, warn: Warn): void {
  if (typeof Hono === 'function') interpose(Hono, warn);
  if (Context !== undefined) patchContext(Context.prototype, warn);
}

/**
 * Makes a class of ours the parent of `Hono` and the child of its parent: `super()` looks the parent
 * up when it is called. The chain of prototypes of an application stays as it is.
 */
function interpose(Hono: HonoConstructor, warn: Warn): void {
  const Base = Object.getPrototypeOf(Hono) as HonoConstructor;
  // A class without a parent has the prototype of all functions there.
  if (typeof Base.prototype !== 'object') return;
  const observe = guardedCall('routes, hono', warn, atRequest);
  const construct = function (this: unknown, ...args: unknown[]): Hono {
    const app = Reflect.construct(Base, args, new.target ?? Base) as Hono;
    watch(app, observe);
    return app;
  };
  Object.setPrototypeOf(construct, Base);
  Object.setPrototypeOf(Hono, dressAs(construct as never, Base));
}

type Observe = (app: object, incoming: IncomingMessage | undefined, path: string) => void;

function watch(app: Hono, observe: Observe): void {
  const { getPath } = app;
  if (typeof getPath !== 'function') return;
  const wrapped: GetPath = function (request, options) {
    const path = getPath.call(this, request, options);
    observe(this, options?.env?.incoming, path);
    return path;
  };
  app.getPath = dressAs(wrapped as never, getPath);
}

function atRequest(app: object, incoming: IncomingMessage | undefined, path: string): void {
  const state = stateOf(incoming);
  if (state === undefined || state.isDone) return;
  const outer = state.resolver === honoResolver ? (state.visit as HonoVisit) : undefined;
  const prefix = outer === undefined ? '' : mountOf(outer);
  // The application asks itself or another one, but is not mounting it.
  if (prefix === undefined) return;
  const method = state.method === 'HEAD' ? 'GET' : state.method;
  const visit: HonoVisit = { app: app as Hono, path, method, prefix, request: undefined };
  if (outer === undefined) setResolver(incoming, honoResolver, visit);
  else state.visit = visit;
}

/** The template in front of what `visit`'s current handler passes the request on to. */
function mountOf(visit: HonoVisit): string | undefined {
  const route = routeOf(visit);
  if (route?.method !== 'ALL' || !route.path.endsWith('*')) return undefined;
  return asPrefix(joinTemplate(visit.prefix, route.path.slice(0, -1)));
}

function patchContext(prototype: HonoContext, warn: Warn): void {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'req');
  const get = descriptor?.get;
  if (get === undefined) return;
  const observe = guardedCall('routes, hono', warn, (context: object, request: HonoRequest) => {
    const state = stateOf((context as HonoContext).env?.incoming);
    if (state?.resolver !== honoResolver) return;
    const visit = state.visit as HonoVisit | undefined;
    if (visit !== undefined) visit.request ??= request;
  });
  const wrapped = function (this: object): HonoRequest {
    const request = get.call(this) as HonoRequest;
    observe(this, request);
    return request;
  };
  Object.defineProperty(prototype, 'req', { ...descriptor, get: dressAs(wrapped, get) });
}

const honoResolver: RouteResolver = (state, statusCode) => {
  const visit = state.visit as HonoVisit;
  const route = routeOf(visit);
  if (route === undefined || isMiddleware(route)) return undefined;
  return unlessUnmatched(joinTemplate(visit.prefix, route.path), statusCode);
};

/**
 * The route whose handler ran last; none when nothing matched. Before 4.5 `c.req` has no getter:
 * of several handlers the first that is no middleware is taken.
 */
function routeOf({ app, method, path, request }: HonoVisit): HonoRoute | undefined {
  const [handlers] = app.router.match(method, path);
  if (request !== undefined || handlers.length === 1) {
    return handlers[request?.routeIndex ?? 0]?.[0][1];
  }
  for (const [[, route]] of handlers) if (!isMiddleware(route)) return route;
  return handlers[0]?.[0][1];
}

/** As Hono tells them apart itself: a middleware takes `next`. */
function isMiddleware({ method, handler }: HonoRoute): boolean {
  return method === 'ALL' && (handler.__COMPOSED_HANDLER ?? handler).length >= 2;
}
