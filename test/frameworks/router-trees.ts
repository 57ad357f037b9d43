/** Random trees of routers as an application declares them, and requests that walk through them. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { attachState, RequestState } from '../../src/agent/request-state.js';

export interface Router {
  use(path: string, handler: unknown): void;
  get(path: string | readonly string[], handler: unknown): void;
  param(name: string, callback: unknown): void;
  (request: IncomingMessage, response: ServerResponse, next?: () => void): void;
}
export type Express = { (): Router; Router(options: object): Router };
/** A router: what it lets pass, its routes, and routers mounted in it. */
interface Tree {
  readonly passes: readonly string[];
  readonly routes: readonly string[];
  readonly mounts: readonly { readonly path: string; readonly tree: Tree }[];
}

const segment = fc.constantFrom('/a', '/b', '/:x', '/a/b', '/a/:y');
/** Trees of at most `depth` routers within each other. */
export function treeOf(depth: number): fc.Arbitrary<Tree> {
  const mountPath = fc.oneof(segment, fc.constant('/'));
  return fc.record({
    passes: fc.array(fc.constantFrom('/', '/a', '/b', '/a/b'), { maxLength: 3 }),
    routes: fc.array(segment, { maxLength: 3 }),
    mounts:
      depth === 1
        ? fc.constant([])
        : fc.array(fc.record({ path: mountPath, tree: treeOf(depth - 1) }), { maxLength: 3 }),
  });
}

/** Declares the tree; each route answers by its number, of all routes declared. */
export function declare(
  express: Express,
  router: Router,
  { passes, routes, mounts }: Tree,
  prefix: string,
): string[] {
  const templates: string[] = [];
  for (const path of passes) {
    router.use(path, (_request: unknown, _response: unknown, next: () => void) => next());
  }
  for (const path of routes) {
    const template = prefix + path;
    // Only the request that is meant for this route is answered by it.
    router.get(path, (request: IncomingMessage, _: unknown, next: () => void) => {
      if (request.headers.wanted === template) (request as Answerable).answered();
      else next();
    });
    templates.push(template);
  }
  for (const mount of mounts) {
    const inner = express.Router({ mergeParams: true });
    const innerPrefix = mount.path === '/' ? prefix : prefix + mount.path;
    templates.push(...declare(express, inner, mount.tree, innerPrefix));
    router.use(mount.path, inner);
  }
  return templates;
}

export type Answerable = IncomingMessage & { answered(): void };

/** What the resolver says when the route for `template` has answered, or nothing did. */
export function visit(app: Router, template: string): Promise<string | undefined> {
  const request = new IncomingMessage(new Socket()) as Answerable;
  request.method = 'GET';
  request.url = template.replaceAll(/:\w+/g, 'value');
  request.headers = { wanted: template };
  const response = new ServerResponse(request);
  const state = new RequestState(0, 'GET', undefined);
  attachState(request, state);
  return new Promise((resolve) => {
    const done = () => resolve(state.resolver?.(state, response.statusCode));
    request.answered = done;
    app(request, response, done);
  });
}
