/**
 * Random trees of routers, in this process: each route of each tree is requested, and its template is
 * that of the mounts and the pattern it was declared with. Express 5 by its channel, Express 4 by its
 * patched layers.
 */
import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../src/agent/frameworks/adapter-table.js';
import { guarded } from '../../src/agent/guarded.js';
import { hookModules } from '../../src/agent/module-hooks.js';
import { attachState, RequestState } from '../../src/agent/request-state.js';

const fail = (code: string, detail: string): never => {
  throw new Error(`${code} ${detail}`);
};
hookModules(
  ADAPTERS.flatMap((adapter) =>
    adapter.tier === 'after-hook'
      ? [{ file: adapter.file, onLoad: (loaded) => adapter.patch(loaded, fail) }]
      : [],
  ),
  fail,
);
for (const adapter of ADAPTERS) {
  if (adapter.tier === 'channel') {
    subscribe(adapter.channel, guarded('test', fail, adapter.subscriber(fail)) as () => void);
  }
}

interface Router {
  use(path: string, handler: unknown): void;
  get(path: string, handler: unknown): void;
  (request: IncomingMessage, response: ServerResponse, next?: () => void): void;
}
type Express = { (): Router; Router(options: object): Router };
const require = createRequire(import.meta.url);

/** A router: what it lets pass, its routes, and routers mounted in it. */
interface Tree {
  readonly passes: readonly string[];
  readonly routes: readonly string[];
  readonly mounts: readonly { readonly path: string; readonly tree: Tree }[];
}

const segment = fc.constantFrom('/a', '/b', '/:x', '/a/b', '/a/:y');
/** Trees of at most `depth` routers within each other. */
function treeOf(depth: number): fc.Arbitrary<Tree> {
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
function declare(
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

type Answerable = IncomingMessage & { answered(): void };

/** What the resolver says when the route for `template` has answered, or nothing did. */
function visit(app: Router, template: string): Promise<string | undefined> {
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

describe.each([
  ['express 5', 'express'],
  ['express 4', 'express4'],
])('%s', (_, packageName) => {
  const express = require(packageName) as Express;

  it('names every route of any tree of routers by its template', async () => {
    await fc.assert(
      fc.asyncProperty(treeOf(4), async (shape) => {
        const app = express();
        for (const template of declare(express, app, shape, '')) {
          expect(await visit(app, template)).toBe(template);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('names nothing when only middlewares have run', async () => {
    const app = express();
    app.use('/a', (_request: unknown, _response: unknown, next: () => void) => next());
    expect(await visit(app, '/a/b')).toBeUndefined();
  });

  it('leaves name and length of what it wraps as they are', () => {
    const { handle } = express() as unknown as { handle: (...args: unknown[]) => unknown };
    expect([handle.name, handle.length]).toEqual(['handle', 3]);
  });
});
