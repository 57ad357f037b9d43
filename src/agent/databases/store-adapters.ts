/** Stores of keys and values, document databases, and caches in the process. */
import type { Adapter } from '../adapter.js';
import { patchIoredis, patchIoredisPipeline } from './ioredis.js';
import { patchKeyv } from './keyv.js';
import { lruCacheSubscriber, patchLruCache } from './lru-cache.js';
import { patchMemcached } from './memcached.js';
import { patchMemjs } from './memjs.js';
import { patchMongodb } from './mongodb.js';
import { patchMongodbPool } from './mongodb-pool.js';
import { patchNodeCache } from './node-cache.js';
import { patchNodeRedis } from './node-redis.js';
import { patchNodeRedisPool } from './node-redis-pool.js';

const CACHES = { probe: 'caches', tier: 'after-hook' } as const;
const IOREDIS = {
  ...CACHES,
  library: 'ioredis',
  tested: 'ioredis 4.14, 4.28, 5.0, 5.11, 6.0',
} as const;
const NODE_REDIS = {
  ...CACHES,
  library: 'redis (node-redis)',
  tested:
    '@redis/client 1.3, 1.6, 5.0, 5.8, 6.3 and @node-redis/client 1.0 with redis 4.0, 4.3, 4.7, 5.0, 5.8, 6.3',
} as const;
const MONGODB = {
  probe: 'databases',
  tier: 'after-hook',
  library: 'mongodb, mongoose',
  tested: 'mongodb 4.0, 4.17, 5.0, 6.0, 6.20, 7.0, 7.9 with mongoose 6.0, 7.0, 8.0, 9.12',
} as const;
const LRU_CACHE = {
  library: 'lru-cache',
  tested: 'lru-cache 5.1, 6.0, 7.18, 8.0, 9.1, 10.4, 11.0, 11.2, 11.5',
  probe: 'caches',
} as const;
/** Of versions 4 to 7, 8 and 9, 10, and 11. Its ES modules are left: most applications have it installed, few import it. */
const LRU_CACHE_CJS = [
  'index.js',
  'dist/cjs/index.js',
  'dist/commonjs/index.js',
  'dist/commonjs/index.min.js',
] as const;
const KEYV = {
  probe: 'caches',
  library: 'keyv, cache-manager',
  tested: 'keyv 3.1, 4.5, 5.0, 5.6 with cache-manager 6.0, 7.0, 7.2',
} as const;

export const STORE_ADAPTERS: readonly Adapter[] = [
  { ...IOREDIS, file: 'ioredis/built/Redis.js', patch: patchIoredis },
  { ...IOREDIS, file: 'ioredis/built/Pipeline.js', patch: patchIoredisPipeline },
  // Of version 4.
  { ...IOREDIS, file: 'ioredis/built/redis/index.js', patch: patchIoredis },
  { ...IOREDIS, file: 'ioredis/built/pipeline.js', patch: patchIoredisPipeline },
  // Ahead of its nodes: a command that one of them passes on is the same.
  { ...IOREDIS, file: 'ioredis/built/cluster/index.js', patch: patchIoredis },
  {
    ...NODE_REDIS,
    file: '@redis/client/dist/lib/client/commands-queue.js',
    patch: patchNodeRedis,
  },
  { ...NODE_REDIS, file: '@redis/client/dist/lib/client/pool.js', patch: patchNodeRedisPool },
  // As it was called in redis 4.0.
  {
    ...NODE_REDIS,
    file: '@node-redis/client/dist/lib/client/commands-queue.js',
    patch: patchNodeRedis,
  },
  {
    ...CACHES,
    library: 'memcached',
    tested: 'memcached 2.2',
    file: 'memcached/lib/memcached.js',
    patch: patchMemcached,
  },
  {
    ...CACHES,
    library: 'memjs',
    tested: 'memjs 1.2, 1.3',
    file: 'memjs/lib/memjs/memjs.js',
    patch: patchMemjs,
  },
  { ...MONGODB, file: 'mongodb/lib/cmap/connection.js', patch: patchMongodb },
  { ...MONGODB, file: 'mongodb/lib/cmap/connection_pool.js', patch: patchMongodbPool },
  {
    ...LRU_CACHE,
    tier: 'channel',
    channel: 'lru-cache:metrics',
    subscriber: lruCacheSubscriber,
  },
  ...LRU_CACHE_CJS.map(
    (file): Adapter => ({
      ...LRU_CACHE,
      tier: 'after-hook',
      file: `lru-cache/${file}`,
      patch: patchLruCache,
    }),
  ),
  {
    ...CACHES,
    library: 'node-cache',
    tested: 'node-cache 4.2, 5.0, 5.1',
    file: 'node-cache/lib/node_cache.js',
    patch: patchNodeCache,
  },
  ...['keyv/dist/index.cjs', 'keyv/src/index.js'].map(
    (file): Adapter => ({
      ...KEYV,
      tier: 'after-hook',
      file,
      patch: ({ exports }, host) => patchKeyv(exports as object, host),
    }),
  ),
  { ...KEYV, tier: 'esm', packageName: 'keyv', files: ['dist/index.js'], patch: patchKeyv },
];
