/** What is done with stores and caches: commands and reads, by metric and per request. */
const COMMANDS = 'db.client.operation.duration';
const READS = 'tachograph.cache.operations';

async function redisIo({ load, env }) {
  const module = await load('ioredis');
  const Redis = module.Redis ?? module.default ?? module;
  const client = new Redis(env.REDIS_URL);
  return {
    // MULTI, SET and EXEC are three.
    perRequest: { [COMMANDS]: 8, [READS]: 2 },
    close: () => client.disconnect(),
    async work() {
      await client.set('a', '1');
      await client.get('a');
      await client.get('missing');
      await client.pipeline().set('b', 1).incr('b').exec();
      await client.multi().set('c', 1).exec();
    },
  };
}

async function redisNode({ load, whole, env }) {
  const client = whole(await load('redis')).createClient({ url: env.REDIS_URL });
  await client.connect();
  return {
    perRequest: { [COMMANDS]: 7, [READS]: 2 },
    close: () => client.disconnect(),
    async work() {
      await client.set('a', '1');
      await client.get('a');
      await client.get('missing');
      await client.hSet('h', 'x', '1');
      await client.multi().set('c', '1').exec();
    },
  };
}

async function memjs({ load, whole, env }) {
  const { Client } = whole(await load('memjs'));
  const client = Client.create(new URL(env.MEMCACHED_URL).host);
  return {
    perRequest: { [COMMANDS]: 3, [READS]: 2 },
    close: () => client.close(),
    async work() {
      await client.set('a', '1', {});
      await client.get('a');
      await client.get('missing');
    },
  };
}

async function mongodb({ load, whole, env }) {
  const { MongoClient } = whole(await load('mongodb'));
  const client = new MongoClient(env.MONGODB_URL);
  await client.connect();
  const orders = client.db('shop').collection('orders');
  return {
    perRequest: { [COMMANDS]: 4 },
    close: () => client.close(),
    async work() {
      await orders.insertOne({ x: 1 });
      await orders.findOne({ x: 1 });
      await orders.updateOne({ x: 1 }, { $set: { y: 1 } });
      await orders.find({ x: 1 }).limit(2).toArray();
    },
  };
}

async function mongoose({ load, whole, env }) {
  const library = whole(await load('mongoose'));
  await library.connect(env.MONGODB_URL);
  const schema = new library.Schema({ x: Number }, { autoIndex: false, autoCreate: false });
  const Order = library.model('Order', schema);
  return {
    perRequest: { [COMMANDS]: 3 },
    close: () => library.disconnect(),
    async work() {
      const { _id } = await Order.create({ x: 1 });
      await Order.findById(_id);
      await Order.find({ x: 1 }).limit(2);
    },
  };
}

async function lruCache({ load, whole }) {
  const library = whole(await load('lru-cache'));
  const Cache = library.LRUCache ?? library;
  const cache = new Cache({ max: 10 });
  return { perRequest: { [READS]: 2 }, work: () => readTwo(cache) };
}

async function nodeCache({ load, whole }) {
  const Cache = whole(await load('node-cache'));
  const cache = new Cache();
  return {
    perRequest: { [READS]: 4 },
    close: () => cache.close(),
    async work() {
      await readTwo(cache);
      cache.mget(['a', 'b']);
    },
  };
}

async function keyv({ load, whole }) {
  const library = await load('keyv');
  const Keyv = library.Keyv ?? whole(library);
  const store = new Keyv();
  return { perRequest: { [READS]: 2 }, work: () => readTwo(store) };
}

async function keyvMany({ load, whole }) {
  const library = await load('keyv');
  const Keyv = library.Keyv ?? whole(library);
  const store = new Keyv();
  return {
    perRequest: { [READS]: 2 },
    work: async () => {
      await store.set('a', 1);
      await store.get(['a', 'b']);
    },
  };
}

async function cacheManager({ load, whole }) {
  const cache = whole(await load('cache-manager')).createCache();
  return { perRequest: { [READS]: 2 }, work: () => readTwo(cache) };
}

async function readTwo(cache) {
  await cache.set('a', 1);
  await cache.get('a');
  await cache.get('b');
}

export const WORK = {
  ioredis: redisIo,
  redis: redisNode,
  memjs,
  mongodb,
  mongoose,
  'lru-cache': lruCache,
  'node-cache': nodeCache,
  keyv,
  'keyv, several keys': keyvMany,
  'cache-manager': cacheManager,
};
