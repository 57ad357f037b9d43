/** What makes responses, or refuses to: files, JSON, rate limits, GraphQL. */
import type { Adapter } from '../adapter.js';
import { patchGraphql } from './graphql.js';
import { patchHonoJson } from './hono-json.js';
import { patchKoaJson } from './koa-json.js';
import { HONO_FILES } from './middleware-adapters.js';
import {
  patchExpressRateLimit,
  patchExpressRateLimitModule,
  patchFastifyRateLimitStore,
  patchRateLimiterFlexible,
} from './rate-limits.js';
import { patchExpressJson, patchFastJsonStringify } from './serialization.js';
import { patchFastifySend, patchSend } from './static-files.js';

const HONO = {
  library: '`c.json` of hono',
  tested: 'hono 4.5, 4.9, 4.12, 4.13',
  probe: 'serialization',
} as const;
const EXPRESS_RATE_LIMIT = {
  library: 'express-rate-limit',
  tested: 'express-rate-limit 8.0, 8.7',
  probe: 'rate-limits',
} as const;
const FASTIFY_RATE_LIMIT = {
  library: '@fastify/rate-limit',
  tested: '@fastify/rate-limit 11.2',
  probe: 'rate-limits',
  tier: 'after-hook',
  patch: patchFastifyRateLimitStore,
} as const;
const FLEXIBLE = {
  library: 'rate-limiter-flexible',
  tested: 'rate-limiter-flexible 2.4, 5.0, 11.4',
  probe: 'rate-limits',
  tier: 'after-hook',
  patch: patchRateLimiterFlexible,
} as const;

export const RESPONSE_ADAPTERS: readonly Adapter[] = [
  {
    library: 'serve-static, `express.static`, `res.sendFile`',
    tested: 'express 5.3, serve-static 1.16, 2.0, 2.2, send 0.19, 1.0, 1.2',
    probe: 'static-files',
    tier: 'after-hook',
    // Not that of @fastify/send, nor one of the application's own.
    file: 'node_modules/send/index.js',
    patch: patchSend,
  },
  {
    library: '@fastify/static',
    tested: '@fastify/static 10.1, @fastify/send 4.2',
    probe: 'static-files',
    tier: 'after-hook',
    file: '@fastify/send/index.js',
    patch: patchFastifySend,
  },
  {
    library: '`res.json` of express 4 and 5',
    tested: 'express 4.16, 4.22, 5.3',
    probe: 'serialization',
    tier: 'after-hook',
    file: 'lib/response.js',
    patch: patchExpressJson,
  },
  {
    library: 'fast-json-stringify, response schemas of fastify',
    tested: 'fast-json-stringify 2.7, 5.16, 7.3, fastify 3.25, 3.29, 4.29, 5.12',
    probe: 'serialization',
    tier: 'after-hook',
    file: 'fast-json-stringify/index.js',
    patch: patchFastJsonStringify,
  },
  {
    library: 'bodies of koa',
    tested: 'koa 2.13, 2.16, 3.0, 3.3',
    probe: 'serialization',
    tier: 'after-hook',
    file: 'koa/lib/response.js',
    patch: patchKoaJson,
  },
  ...HONO_FILES.map(
    (file): Adapter => ({
      ...HONO,
      tier: 'after-hook',
      file: `hono/dist/cjs/${file}`,
      patch: ({ exports }, host) => patchHonoJson(exports as object, host),
    }),
  ),
  {
    ...HONO,
    tier: 'esm',
    packageName: 'hono',
    files: HONO_FILES.map((file) => `dist/${file}`),
    patch: patchHonoJson,
  },
  {
    ...EXPRESS_RATE_LIMIT,
    tier: 'after-hook',
    file: 'express-rate-limit/dist/index.cjs',
    patch: patchExpressRateLimit,
  },
  {
    ...EXPRESS_RATE_LIMIT,
    tier: 'esm',
    packageName: 'express-rate-limit',
    files: ['dist/index.mjs'],
    patch: patchExpressRateLimitModule,
    rebinds: ['rate_limit_default'],
  },
  { ...FASTIFY_RATE_LIMIT, file: '@fastify/rate-limit/store/LocalStore.js' },
  { ...FASTIFY_RATE_LIMIT, file: '@fastify/rate-limit/store/RedisStore.js' },
  { ...FLEXIBLE, file: 'rate-limiter-flexible/lib/RateLimiterMemory.js' },
  { ...FLEXIBLE, file: 'rate-limiter-flexible/lib/RateLimiterStoreAbstract.js' },
  {
    library: 'graphql',
    tested: 'graphql 14.7, 15.10, 16.0, 16.15',
    probe: 'graphql',
    tier: 'after-hook',
    file: 'graphql/execution/execute.js',
    patch: patchGraphql,
  },
];
