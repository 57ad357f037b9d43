/**
 * Every framework whose route templates are recognised: which versions were tested, and where it is
 * observed. A framework that starts to publish a channel costs one row. docs/guides/frameworks.md
 * says the same in words (a test holds the two together).
 */
import type { Adapter } from '../adapter.js';
import { patchApplication } from './express-application.js';
import { onRouterEvent } from './express-channel.js';
import { patchLayer } from './express-layer.js';
import { patchParams } from './express-params.js';
import { createOnInitialization } from './fastify.js';
import { patchHapi } from './hapi.js';
import { type HonoExports, patchHono } from './hono.js';
import { patchKoa } from './koa.js';
import { patchRestify } from './restify.js';

const ROUTER_CHANNEL = 'tracing:express.router.request:start';

const HONO = {
  library: 'hono',
  tested: 'hono 3.12, 4.0, 4.5, 4.9, 4.12, 4.13',
  probe: 'routes',
} as const;
/** The same files in both of Hono's builds. */
const HONO_FILES = ['hono.js', 'context.js', 'preset/quick.js', 'preset/tiny.js'] as const;

export const FRAMEWORK_ADAPTERS: readonly Adapter[] = [
  {
    library: 'express 5 (router ≥ 2.3) in a bundle',
    tested: 'express 5.3',
    probe: 'routes',
    tier: 'channel',
    channel: ROUTER_CHANNEL,
    subscriber: () => onRouterEvent,
  },
  {
    library: 'express 5, nest on express',
    tested: 'express 5.1 with router 2.2, express 5.3, nest 11, 12',
    probe: 'routes',
    tier: 'after-hook',
    file: 'router/lib/layer.js',
    patch: (loaded, { warn }) => patchLayer(loaded, warn),
    supersedes: ROUTER_CHANNEL,
  },
  {
    library: 'express 4 and 5',
    tested: 'express 4.16, 4.17, 4.22, 5.1, 5.3',
    probe: 'routes',
    tier: 'after-hook',
    file: 'lib/application.js',
    patch: (loaded, { warn }) => patchApplication(loaded, warn),
  },
  {
    library: 'express 4',
    tested: 'express 4.16, 4.17, 4.22',
    probe: 'routes',
    tier: 'after-hook',
    file: 'lib/router/layer.js',
    patch: (loaded, { warn }) => patchLayer(loaded, warn),
  },
  {
    library: 'express 4 and 5, router 1 and 2',
    tested: 'express 4.16, 4.17, 4.22, 5.3',
    probe: 'routes',
    tier: 'after-hook',
    file: 'router/index.js',
    patch: (loaded, { warn }) => patchParams(loaded, warn),
  },
  {
    library: 'fastify, nest on fastify',
    tested: 'fastify 3.25, 3.29, 4.0, 4.10, 4.20, 4.29, 5.0, 5.12, nest 12',
    probe: 'routes',
    tier: 'channel',
    channel: 'fastify.initialization',
    subscriber: ({ warn }) => createOnInitialization(warn),
  },
  {
    library: 'koa with @koa/router',
    tested: 'koa 2.13, 2.16, 3.0, 3.3, @koa/router 9.4, 12.0, 13.1, 15.7',
    probe: 'routes',
    tier: 'after-hook',
    file: 'koa/lib/application.js',
    patch: (loaded, { warn }) => patchKoa(loaded, warn),
  },
  {
    library: 'hapi',
    tested: '@hapi/hapi 20.3, 21.4',
    probe: 'routes',
    tier: 'after-hook',
    file: '@hapi/hapi/lib/request.js',
    patch: (loaded, { warn }) => patchHapi(loaded, warn),
  },
  {
    library: 'restify',
    tested: 'restify 10.0, 11.1',
    probe: 'routes',
    tier: 'after-hook',
    file: 'restify/lib/server.js',
    patch: (loaded, { warn }) => patchRestify(loaded, warn),
  },
  ...HONO_FILES.map(
    (file): Adapter => ({
      ...HONO,
      tier: 'after-hook',
      file: `hono/dist/cjs/${file}`,
      patch: ({ exports }, { warn }) => patchHono(exports as HonoExports, warn),
    }),
  ),
  {
    ...HONO,
    tier: 'esm',
    packageName: 'hono',
    files: HONO_FILES.map((file) => `dist/${file}`),
    patch: (exports, { warn }) => patchHono(exports as HonoExports, warn),
  },
];
