/** Frameworks whose middleware and hooks are timed one by one. */
import type { Adapter } from '../adapter.js';
import { patchExpressMiddleware, patchExpressParams } from './express-middleware.js';
import { patchFastifyHooks } from './fastify-hooks.js';
import { patchHonoMiddleware } from './hono-middleware.js';
import { patchKoaCompose } from './koa-middleware.js';
import { patchNestGuards } from './nest-guards.js';
import { patchNestInterceptors } from './nest-interceptors.js';
import { patchNestPipes } from './nest-pipes.js';
import { patchRestifyChain, patchRestifyRequest, patchRestifyServer } from './restify-handlers.js';

const EXPRESS = 'express 4.16, 4.17, 4.22, 5.1, 5.3';
const HONO = { library: 'hono', tested: 'hono 4.5, 4.9, 4.12, 4.13', probe: 'middleware' } as const;
/** Hono's classes of applications: the same files in both of its builds. */
export const HONO_FILES: readonly string[] = ['hono.js', 'preset/quick.js', 'preset/tiny.js'];
const RESTIFY = { library: 'restify', tested: 'restify 10.0, 11.1', probe: 'middleware' } as const;
const NEST = { library: 'nest guards, pipes and interceptors', probe: 'middleware' } as const;
const NEST_TESTED = 'nest 12.5';

export const MIDDLEWARE_ADAPTERS: readonly Adapter[] = [
  {
    library: 'express 4',
    tested: EXPRESS,
    probe: 'middleware',
    tier: 'after-hook',
    file: 'lib/router/layer.js',
    patch: patchExpressMiddleware,
  },
  {
    library: 'express 5, nest on express',
    tested: EXPRESS,
    probe: 'middleware',
    tier: 'after-hook',
    file: 'router/lib/layer.js',
    patch: patchExpressMiddleware,
  },
  {
    library: 'express 4 and 5, `param` callbacks',
    tested: 'express 4.22, 5.3',
    probe: 'middleware',
    tier: 'after-hook',
    file: 'router/index.js',
    patch: patchExpressParams,
  },
  {
    library: 'fastify, nest on fastify',
    tested: 'fastify 4.20, 4.29, 5.0, 5.12',
    probe: 'middleware',
    tier: 'after-hook',
    file: 'fastify/lib/hooks.js',
    patch: patchFastifyHooks,
  },
  {
    library: 'koa, @koa/router',
    tested: 'koa 2.13, 2.16, 3.0, 3.3, @koa/router 9.4, 12.0, 13.1, 15.7',
    probe: 'middleware',
    tier: 'after-hook',
    file: 'koa-compose/index.js',
    patch: patchKoaCompose,
  },
  ...HONO_FILES.map(
    (file): Adapter => ({
      ...HONO,
      tier: 'after-hook',
      file: `hono/dist/cjs/${file}`,
      patch: ({ exports }, host) => patchHonoMiddleware(exports as object, host),
    }),
  ),
  {
    ...HONO,
    tier: 'esm',
    packageName: 'hono',
    files: HONO_FILES.map((file) => `dist/${file}`),
    patch: patchHonoMiddleware,
  },
  { ...RESTIFY, tier: 'after-hook', file: 'restify/lib/server.js', patch: patchRestifyServer },
  { ...RESTIFY, tier: 'after-hook', file: 'restify/lib/chain.js', patch: patchRestifyChain },
  { ...RESTIFY, tier: 'after-hook', file: 'restify/lib/request.js', patch: patchRestifyRequest },
  {
    ...NEST,
    tested: NEST_TESTED,
    tier: 'esm',
    packageName: '@nestjs/core',
    // Its decorators call what `reflect-metadata` adds.
    neverAhead: true,
    files: [
      'guards/guards-consumer.js',
      'pipes/pipes-consumer.js',
      'interceptors/interceptors-consumer.js',
    ],
    patch: (exports, host) => {
      patchNestGuards(exports, host);
      patchNestPipes(exports, host);
      patchNestInterceptors(exports, host);
    },
  },
];
