/**
 * Middleware of Express and whatever else routes with `router`: each layer that begins ends the one
 * before it, which has passed the request on. So nobody's `next` is wrapped, and a layer costs one
 * reading of the clock. Hot path.
 */
import { MIDDLEWARE_DURATION } from '../../shared/application-metrics.js';
import type { LoadedModule } from '../module-hooks.js';
import { beforeCall } from '../patch-method.js';
import type { ProbeHost } from '../probe.js';
import { stateOf } from '../request-state.js';
import { SeriesMap } from '../series-map.js';
import { NO_LAYER } from '../unit.js';

interface Layer {
  readonly name?: string;
  /** Of a layer that leads to a route. */
  readonly route?: object;
  readonly handle?: { readonly stack?: unknown };
}

/** For lib/router/layer.js of Express 4 and lib/layer.js of `router`. */
export function patchExpressMiddleware({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  const series = new SeriesMap<string>(host.recorder, MIDDLEWARE_DURATION);
  const valuesOf = (name: string): readonly string[] => ['express', name];
  const observe = (self: object, request: object): void => {
    const state = stateOf(request);
    if (state === undefined) return;
    const layer = self as Layer;
    // Routers and routes only lead to what takes time.
    const isPassage = layer.route !== undefined || layer.handle?.stack !== undefined;
    const id = isPassage ? NO_LAYER : series.id(layer.name ?? '<anonymous>', valuesOf);
    host.work.enterLayer(state, id);
  };
  const { warn } = host;
  beforeCall(prototype, 'handle_request', warn, observe) ||
    beforeCall(prototype, 'handleRequest', warn, observe);
  // Whoever handles an error ends the one that made it, which was no passage.
  const onError = (_self: object, _error: unknown, request: object): void => {
    const state = stateOf(request);
    if (state !== undefined) state.layerSeries = NO_LAYER;
  };
  beforeCall(prototype, 'handle_error', warn, onError) ||
    beforeCall(prototype, 'handleError', warn, onError);
}
