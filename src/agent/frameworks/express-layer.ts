/**
 * The layers of Express 4 (lib/router/layer.js) and of `router` (lib/layer.js, Express 5): observes
 * each before it runs. Hot path.
 *
 * `router` ≥ 2.3 also publishes its layers, but whoever subscribes switches it to a path that makes
 * closures and enters a store for each (docs/internals/performance.md). It keeps the pattern that
 * matched on the request. Older versions do not even keep the pattern a layer was made from: there
 * the constructor is replaced by one that does.
 */
import { dressAs } from '../dress-as.js';
import type { Warn } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import { beforeCall } from '../patch-method.js';
import { atMount, atRoute, frameOf, type RoutedRequest, visitOf } from './router-visit.js';
import type { Pattern } from './template.js';

type PatternOption = Pattern | readonly PatternOption[];

const ORIGIN: unique symbol = Symbol('tachograph.origin');
export interface Layer {
  [ORIGIN]?: Origin;
  readonly route?: object;
  readonly method?: string;
  match(path: string): unknown;
}
interface LayerConstructor {
  new (path: PatternOption, options: unknown, handle: unknown): Layer;
  prototype: Layer;
}

/** What a layer was made from. */
interface Origin {
  readonly pattern: PatternOption;
  /** For a list of patterns: each with a layer of its own, to see which one matched. */
  alternatives: readonly { readonly pattern: Pattern; readonly layer: Layer }[] | undefined;
  readonly split: (patterns: readonly Pattern[]) => NonNullable<Origin['alternatives']>;
}

/** The pattern of `layer` that `request` matched; undefined when that cannot be told. */
type PatternAt = (layer: Layer, request: RoutedRequest, base: string) => Pattern | undefined;

/** True when this is a `router` that need not publish any more. */
export function patchLayer(loaded: LoadedModule, warn: Warn): boolean {
  const Original = loaded.exports as LayerConstructor;
  if (typeof Original !== 'function') return false;
  const key = matchedRouteKey(loaded, './symbols');
  const patternAt: PatternAt =
    key === undefined ? patternOf : (_layer, request) => matchedPattern(request, key);
  const observe = (self: object, request: RoutedRequest): void =>
    atLayer(self as Layer, request, patternAt);
  // Named so in express 4 and router 1; the second name is router 2's.
  const isPatched =
    beforeCall(Original.prototype, 'handle_request', warn, observe) ||
    beforeCall(Original.prototype, 'handleRequest', warn, observe);
  if (isPatched && key === undefined) loaded.exports = withOrigin(Original);
  return isPatched && key !== undefined;
}

/** The property of a request under which `router` ≥ 2.3 keeps the pattern that matched. */
export function matchedRouteKey(loaded: LoadedModule, symbolsFile: string): symbol | undefined {
  try {
    const { matchedRoute } = loaded.require(symbolsFile) as { matchedRoute?: unknown };
    return typeof matchedRoute === 'symbol' ? matchedRoute : undefined;
  } catch {
    // No such file: express 4, or an older router.
    return undefined;
  }
}

export function matchedPattern(request: object, key: symbol): Pattern | undefined {
  return (request as Record<symbol, Pattern | undefined>)[key];
}

function withOrigin(Original: LayerConstructor): LayerConstructor {
  function make(path: PatternOption, options: unknown, handle: unknown): Layer {
    const layer = new Original(path, options, handle);
    const split = (patterns: readonly Pattern[]) =>
      patterns.map((pattern) => ({ pattern, layer: new Original(pattern, options, handle) }));
    layer[ORIGIN] = { pattern: path, alternatives: undefined, split };
    return layer;
  }
  make.prototype = Original.prototype;
  return dressAs(make, Original) as unknown as LayerConstructor;
}

function atLayer(layer: Layer, request: RoutedRequest, patternAt: PatternAt): void {
  const visit = visitOf(request);
  if (visit === undefined) return;
  if ('method' in layer) {
    // A handler of the route that matched: only now is it certain that the route answers.
    visit.route = visit.candidate;
    return;
  }
  const frame = frameOf(visit, request);
  const pattern = patternAt(layer, request, frame.base);
  if (pattern === undefined) return;
  if (layer.route === undefined) {
    atMount(frame, layer, pattern, request.baseUrl ?? '');
  } else {
    visit.seenRoute = layer.route;
    visit.candidate = atRoute(frame, layer, pattern);
  }
}

/** The layer's pattern; of a list, the one that matched. */
export function patternOf(layer: Layer, request: RoutedRequest, base: string): Pattern {
  const origin = layer[ORIGIN];
  if (origin === undefined) return '/';
  if (!Array.isArray(origin.pattern)) return origin.pattern as Pattern;
  origin.alternatives ??= origin.split(origin.pattern.flat(Number.POSITIVE_INFINITY));
  // For a mount the path that matched has moved from `url` to the end of `baseUrl`.
  const path = `${request.baseUrl ?? ''}${request.url ?? ''}`.slice(base.length).split('?', 1)[0]!;
  for (const alternative of origin.alternatives) {
    if (alternative.layer.match(path)) return alternative.pattern;
  }
  return origin.alternatives[0]?.pattern ?? '/';
}
