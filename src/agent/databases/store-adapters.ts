/** Stores of keys and values, document databases, and caches in the process. */
import type { Adapter } from '../adapter.js';
import { patchIoredis, patchIoredisPipeline } from './ioredis.js';
import { patchKeyv } from './keyv.js';
import { lruCacheSubscriber } from './lru-cache.js';
import { patchMemcached } from './memcached.js';
import { patchMemjs } from './memjs.js';
import { patchMongodb } from './mongodb.js';
import { patchMongodbPool } from './mongodb-pool.js';
import { patchNodeCache } from './node-cache.js';
import { patchNodeRedis } from './node-redis.js';
import { patchNodeRedisPool } from './node-redis-pool.js';

const CACHES = { probe: 'caches', tier: 'after-hook' } as const;
const IOREDIS = { ...CACHES, library: 'ioredis', tested: 'ioredis 5.0, 5.11, 6.0' } as const;
const NODE_REDIS = {
  ...CACHES,
  library: 'redis (node-redis)',
  tested: '@redis/client 1.6, 5.0, 5.8, 6.3 with redis 4.7, 5.0, 5.8, 6.3',
} as const;
const MONGODB = {
  probe: 'databases',
  tier: 'after-hook',
  library: 'mongodb, mongoose',
  tested: 'mongodb 7.9 with mongoose 9.12',
} as const;
const KEYV = {
  probe: 'caches',
  library: 'keyv, cache-manager',
  tested: 'keyv 5.6 with cache-manager 7.2',
} as const;

export const STORE_ADAPTERS: readonly Adapter[] = [
  { ...IOREDIS, file: 'ioredis/built/Redis.js', patch: patchIoredis },
  { ...IOREDIS, file: 'ioredis/built/Pipeline.js', patch: patchIoredisPipeline },
  // Ahead of its nodes: a command that one of them passes on is the same.
  { ...IOREDIS, file: 'ioredis/built/cluster/index.js', patch: patchIoredis },
  {
    ...NODE_REDIS,
    file: '@redis/client/dist/lib/client/commands-queue.js',
    patch: patchNodeRedis,
  },
  { ...NODE_REDIS, file: '@redis/client/dist/lib/client/pool.js', patch: patchNodeRedisPool },
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
    tested: 'memjs 1.3',
    file: 'memjs/lib/memjs/memjs.js',
    patch: patchMemjs,
  },
  { ...MONGODB, file: 'mongodb/lib/cmap/connection.js', patch: patchMongodb },
  { ...MONGODB, file: 'mongodb/lib/cmap/connection_pool.js', patch: patchMongodbPool },
  {
    library: 'lru-cache',
    tested: 'lru-cache 11.5',
    probe: 'caches',
    tier: 'channel',
    channel: 'lru-cache:metrics',
    subscriber: lruCacheSubscriber,
  },
  {
    ...CACHES,
    library: 'node-cache',
    tested: 'node-cache 5.1',
    file: 'node-cache/lib/node_cache.js',
    patch: patchNodeCache,
  },
  {
    ...KEYV,
    tier: 'after-hook',
    file: 'keyv/dist/index.cjs',
    patch: ({ exports }, host) => patchKeyv(exports as object, host),
  },
  { ...KEYV, tier: 'esm', packageName: 'keyv', files: ['dist/index.js'], patch: patchKeyv },
];
