/**
 * Every framework whose route templates are recognised: which versions were tested, and where it is
 * observed. A framework that starts to publish a channel costs one row. docs/guides/frameworks.md
 * says the same in words (a test holds the two together).
 */
import type { Warn } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import { patchApplication } from './express-application.js';
import { onRouterEvent } from './express-channel.js';
import { patchLayer } from './express-layer.js';
import { patchParams } from './express-params.js';
import { createOnInitialization } from './fastify.js';
import { type HonoExports, patchHono } from './hono.js';
import { patchKoa } from './koa.js';
import { patchRestify } from './restify.js';

interface Row {
  readonly framework: string;
  /** Versions that the tests run or that were tried by hand. */
  readonly tested: string;
}

/** The library publishes what we need. */
export interface ChannelAdapter extends Row {
  readonly tier: 'channel';
  readonly channel: string;
  readonly subscriber: (warn: Warn) => (message: never) => void;
}

/** A CommonJS file whose exports are patched after it has run. */
export interface AfterHookAdapter extends Row {
  readonly tier: 'after-hook';
  /** End of the file's path. */
  readonly file: string;
  /** Returns true when it makes the channel that it `supersedes` needless. */
  readonly patch: (loaded: LoadedModule, warn: Warn) => unknown;
  /** A channel that tells the same at a higher price; it is for applications bundled into one file. */
  readonly supersedes?: string;
}

/** ES modules whose exports are patched in place. */
export interface EsmAdapter extends Row {
  readonly tier: 'esm';
  readonly packageName: string;
  readonly files: readonly string[];
  readonly patch: (exports: object, warn: Warn) => void;
}

export type Adapter = ChannelAdapter | AfterHookAdapter | EsmAdapter;

const ROUTER_CHANNEL = 'tracing:express.router.request:start';

const HONO = { framework: 'hono', tested: 'hono 4.5, 4.13' } as const;
/** The same files in both of Hono's builds. */
const HONO_FILES = ['hono.js', 'context.js', 'preset/quick.js', 'preset/tiny.js'] as const;

export const ADAPTERS: readonly Adapter[] = [
  {
    framework: 'express 5 (router ≥ 2.3) in a bundle',
    tested: 'express 5.3',
    tier: 'channel',
    channel: ROUTER_CHANNEL,
    subscriber: () => onRouterEvent,
  },
  {
    framework: 'express 5, nest on express',
    tested: 'express 5.1 with router 2.2, express 5.3, nest 11, 12',
    tier: 'after-hook',
    file: 'router/lib/layer.js',
    patch: patchLayer,
    supersedes: ROUTER_CHANNEL,
  },
  {
    framework: 'express 4 and 5',
    tested: 'express 4.17, 4.22, 5.1, 5.3',
    tier: 'after-hook',
    file: 'lib/application.js',
    patch: patchApplication,
  },
  {
    framework: 'express 4',
    tested: 'express 4.17, 4.22',
    tier: 'after-hook',
    file: 'lib/router/layer.js',
    patch: patchLayer,
  },
  {
    framework: 'express 4 and 5, router 1 and 2',
    tested: 'express 4.17, 4.22, 5.3',
    tier: 'after-hook',
    file: 'router/index.js',
    patch: patchParams,
  },
  {
    framework: 'fastify, nest on fastify',
    tested: 'fastify 4.29, 5.12, nest 11, 12',
    tier: 'channel',
    channel: 'fastify.initialization',
    subscriber: createOnInitialization,
  },
  {
    framework: 'koa with @koa/router',
    tested: 'koa 2.16, 3.3, @koa/router 13.1, 15.7',
    tier: 'after-hook',
    file: 'koa/lib/application.js',
    patch: patchKoa,
  },
  {
    framework: 'restify',
    tested: 'restify 11.1',
    tier: 'after-hook',
    file: 'restify/lib/server.js',
    patch: patchRestify,
  },
  ...HONO_FILES.map(
    (file): Adapter => ({
      ...HONO,
      tier: 'after-hook',
      file: `hono/dist/cjs/${file}`,
      patch: ({ exports }, warn) => patchHono(exports as HonoExports, warn),
    }),
  ),
  {
    ...HONO,
    tier: 'esm',
    packageName: 'hono',
    files: HONO_FILES.map((file) => `dist/${file}`),
    patch: patchHono,
  },
];
