/**
 * `router.param` callbacks run before the layer does and may end the request, which then has the
 * route that matched although none of its handlers ran.
 *
 * Express 4 and router 1 have a method that runs them. `router` 2 does not, so there each callback is
 * wrapped as it is given; nobody else pays. Versions 2.0 to 2.2 do not tell the pattern that matched:
 * such requests count as `(middleware)`.
 */
import { dressAs } from '../dress-as.js';
import { guardedCall, type Warn } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import { beforeCall } from '../patch-method.js';
import { type Layer, matchedPattern, matchedRouteKey, patternOf } from './express-layer.js';
import { atRoute, frameOf, type RoutedRequest, visitOf } from './router-visit.js';
import type { Pattern } from './template.js';

interface ParamLayer extends Layer {
  readonly keys?: readonly { readonly name: string | number }[];
}
type ParamCallback = (request: RoutedRequest, ...rest: unknown[]) => unknown;
interface RouterPrototype {
  param?(name: unknown, callback: unknown): unknown;
}

export function patchParams(loaded: LoadedModule, warn: Warn): void {
  const exports = loaded.exports as { prototype?: RouterPrototype };
  const observe = (self: object, layer: ParamLayer, _: unknown, request: RoutedRequest): void => {
    if (layer.route === undefined || !layer.keys?.some(({ name }) => hasParam(self, name))) return;
    const visit = visitOf(request);
    if (visit === undefined) return;
    const frame = frameOf(visit, request);
    visit.route = atRoute(frame, layer, patternOf(layer, request, frame.base));
  };
  if (beforeCall(exports, 'process_params', warn, observe)) return;
  if (beforeCall(exports?.prototype, 'process_params', warn, observe)) return;
  const key = matchedRouteKey(loaded, './lib/symbols');
  if (key !== undefined) watchCallbacks(exports?.prototype, key, warn);
}

function hasParam(router: { params?: object }, name: string | number): boolean {
  return Object.hasOwn(router.params ?? {}, name);
}

function watchCallbacks(prototype: RouterPrototype | undefined, key: symbol, warn: Warn): void {
  const original = prototype?.param;
  if (prototype === undefined || typeof original !== 'function') return;
  const observe = guardedCall('routes, param', warn, (request: RoutedRequest) => {
    atParam(request, matchedPattern(request, key));
  });
  prototype.param = dressAs(function (this: unknown, name: unknown, callback: unknown) {
    if (typeof callback !== 'function') return original.call(this as object, name, callback);
    const watched = function (this: unknown, request: RoutedRequest, ...rest: unknown[]): unknown {
      observe(request);
      return (callback as ParamCallback).call(this, request, ...rest);
    };
    return original.call(this as object, name, dressAs(watched, callback as ParamCallback));
  }, original);
}

/** `request.route` is that of the match before, when this one is a mount. */
function atParam(request: RoutedRequest, pattern: Pattern | undefined): void {
  const { route } = request;
  const visit = visitOf(request);
  if (visit === undefined || pattern === undefined) return;
  if (route === undefined || route === visit.seenRoute) return;
  visit.seenRoute = route;
  visit.route = atRoute(frameOf(visit, request), route, pattern);
}
