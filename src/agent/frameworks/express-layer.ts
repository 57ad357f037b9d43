/**
 * Express 4 (lib/router/layer.js) and `router` before 2.3 (lib/layer.js), which publish nothing:
 * observes each layer before it runs. Hot path.
 *
 * A layer of these versions does not keep the pattern it was made from, so the constructor is
 * replaced by one that does.
 */
import { readFileSync } from 'node:fs';
import { dressAs } from '../dress-as.js';
import type { Warn } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import { beforeCall } from './patch-method.js';
import { atMount, atRoute, frameOf, type RoutedRequest, visitOf } from './router-visit.js';
import type { Pattern } from './template.js';

type PatternOption = Pattern | readonly PatternOption[];

const ORIGIN = Symbol('tachograph.origin');
interface Layer {
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

export function patchLayer(loaded: LoadedModule, warn: Warn): void {
  const Original = loaded.exports as LayerConstructor;
  if (typeof Original !== 'function' || publishes(loaded.filename)) return;
  const observe = (self: object, request: RoutedRequest): void => atLayer(self as Layer, request);
  // Named so in express 4 and router 1; the second name is router 2's.
  const isPatched =
    beforeCall(Original.prototype, 'handle_request', warn, observe) ||
    beforeCall(Original.prototype, 'handleRequest', warn, observe);
  if (isPatched) loaded.exports = withOrigin(Original);
}

/** `router.param` callbacks run before the layer does and may end the request: express 4, router 1. */
export function patchParams(loaded: LoadedModule, warn: Warn): void {
  const exports = loaded.exports as { prototype?: object };
  const observe = (self: object, layer: ParamLayer, _: unknown, request: RoutedRequest): void => {
    if (layer.route === undefined || !layer.keys?.some(({ name }) => hasParam(self, name))) return;
    const visit = visitOf(request);
    if (visit === undefined) return;
    const frame = frameOf(visit, request);
    visit.route = atRoute(frame, layer, patternOf(layer, request, frame.base));
  };
  if (!beforeCall(exports, 'process_params', warn, observe)) {
    beforeCall(exports?.prototype, 'process_params', warn, observe);
  }
}

interface ParamLayer extends Layer {
  readonly keys?: readonly { readonly name: string | number }[];
}

function hasParam(router: { params?: object }, name: string | number): boolean {
  return Object.hasOwn(router.params ?? {}, name);
}

/** `router` ≥ 2.3 is the channel's business. Express 4 has its layers in lib/router. */
function publishes(filename: string): boolean {
  if (!/[\\/]router[\\/]lib[\\/]layer\.js$/.test(filename)) return false;
  const manifest = filename.replace(/lib[\\/]layer\.js$/, 'package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 3);
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

function atLayer(layer: Layer, request: RoutedRequest): void {
  const visit = visitOf(request);
  if (visit === undefined) return;
  if ('method' in layer) {
    // A handler of the route that matched: only now is it certain that the route answers.
    visit.route = visit.candidate;
    return;
  }
  const frame = frameOf(visit, request);
  const pattern = patternOf(layer, request, frame.base);
  if (layer.route !== undefined) visit.candidate = atRoute(frame, layer, pattern);
  else atMount(frame, layer, pattern, request.baseUrl ?? '');
}

/** The layer's pattern; of a list, the one that matched. */
function patternOf(layer: Layer, request: RoutedRequest, base: string): Pattern {
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
