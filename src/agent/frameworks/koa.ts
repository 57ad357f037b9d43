/**
 * Koa with @koa/router (or koa-router): the context is kept when it is created, and asked at the end.
 * Hot path.
 */
import type { IncomingMessage } from 'node:http';
import { guardedCall, type Warn } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import { replaceMethod } from '../replace-method.js';
import { type RouteResolver, setResolver } from '../request-state.js';
import { type Pattern, unlessUnmatched } from './template.js';

interface RouterLayer {
  readonly path: Pattern;
  readonly methods: readonly string[];
}
interface KoaContext {
  readonly method: string;
  readonly status: number;
  /** Set by the router: itself, every layer whose path matched, the pattern of the last that ran. */
  readonly router?: unknown;
  readonly matched?: readonly RouterLayer[];
  readonly _matchedRoute?: Pattern;
}
/** For koa/lib/application.js. */
export function patchKoa({ exports }: LoadedModule, warn: Warn): void {
  const { prototype } = exports as { prototype?: object };
  const resolver = createResolver();
  const observe = guardedCall('routes, koa', warn, (context: object, request: IncomingMessage) =>
    setResolver(request, resolver, context),
  );
  replaceMethod(
    prototype,
    'createContext',
    (createContext) =>
      function (request, response) {
        const context = createContext.call(this, request, response) as KoaContext;
        observe(context, request as IncomingMessage);
        return context;
      },
  );
}

function createResolver(): RouteResolver {
  let isRouterSeen = false;
  return (state, statusCode) => {
    const context = state.visit as KoaContext;
    isRouterSeen ||= context.router !== undefined || context.matched !== undefined;
    // Without a router we know, Koa says nothing about routes: name the path as for a plain server.
    if (!isRouterSeen) state.resolver = undefined;
    return unlessUnmatched(routeOf(context), statusCode);
  };
}

/**
 * The last pattern that ran is a route's, or that of a middleware of the router which answered
 * instead of the route behind it: then the route is meant.
 */
function routeOf({ _matchedRoute, matched = [], method }: KoaContext): string | undefined {
  if (_matchedRoute === undefined) return undefined;
  let first: RouterLayer | undefined;
  for (const layer of matched) {
    if (!layer.methods.includes(method)) continue;
    if (layer.path === _matchedRoute) return String(_matchedRoute);
    first ??= layer;
  }
  return String(first?.path ?? _matchedRoute);
}
