/**
 * Random trees of routers, in this process: each route of each tree is requested, and its template is
 * that of the mounts and the pattern it was declared with.
 */
import { channel } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAMEWORK_ADAPTERS } from '../../src/agent/frameworks/framework-adapters.js';
import type { ProbeHost } from '../../src/agent/probe.js';
import { startAdapters } from '../../src/agent/start-adapters.js';
import { type Answerable, declare, type Express, treeOf, visit } from './router-trees.js';

const fail = (code: string, detail: string): never => {
  throw new Error(`${code} ${detail}`);
};
startAdapters(FRAMEWORK_ADAPTERS, { warn: fail } as unknown as ProbeHost);
const require = createRequire(import.meta.url);

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

  it('names a route whose parameter callback has answered', async () => {
    const app = express();
    const inner = express.Router({ mergeParams: true });
    inner.param('y', (request: Answerable) => request.answered());
    inner.use('/:y/deeper', inner);
    inner.get(['/other', '/a/:y'], () => {});
    app.use('/:x', inner);
    expect(await visit(app, '/:x/a/:y')).toBe('/:x/a/:y');
  });

  it('names no route when the parameter callback of a mount has answered', async () => {
    const app = express();
    app.get('/a/:y', (_request: unknown, _response: unknown, next: () => void) => next());
    app.param('x', (request: Answerable) => request.answered());
    app.use('/a/:x', () => {});
    expect(await visit(app, '/a/:y')).toBe('/a/:y');
    const mounted = express();
    mounted.param('x', (request: Answerable) => request.answered());
    mounted.use('/a/:x', () => {});
    expect(await visit(mounted, '/a/:x')).toBeUndefined();
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

it('leaves express 5 on its fast path, which a subscriber to its channel would switch off', () => {
  require('express');
  expect(channel('tracing:express.router.request:start').hasSubscribers).toBe(false);
});
