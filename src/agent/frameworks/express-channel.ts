/**
 * Express 5 and whatever else routes with `router` ≥ 2.3: it publishes each middleware, handler and
 * `param` callback before it runs, with the pattern that matched. Hot path.
 */
import { atMount, atRoute, frameOf, type RoutedRequest, visitOf } from './router-visit.js';
import type { Pattern } from './template.js';

interface RouterEvent {
  readonly req: RoutedRequest;
  /** Of a router: a mount or middleware, or (for `param` callbacks) a route. Of a route: a handler. */
  readonly layer: { readonly route?: object; readonly method?: string };
  readonly route?: Pattern;
}

export function onRouterEvent({ req, layer, route }: RouterEvent): void {
  const visit = visitOf(req);
  if (visit === undefined || route === undefined) return;
  const frame = frameOf(visit, req);
  // A route's own layers carry `method`, undefined for `all`.
  if ('method' in layer || layer.route !== undefined) visit.route = atRoute(frame, layer, route);
  else atMount(frame, layer, route, req.baseUrl ?? '');
}
