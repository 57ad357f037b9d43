/** Whatever an application sees of its store is the same with the recorder: results, errors, what is unhandled. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type MongoPeer, startMongoPeer } from '../../support/mongo-peer/mongo-peer.js';
import { countOf, PATIENT, runApp } from '../../support/run-app.js';
import { NODES, operations, runningService } from './served.js';

const redis = runningService('redis');
const memcached = runningService('memcached');
let peer: MongoPeer;
beforeAll(async () => {
  peer = await startMongoPeer();
});
afterAll(() => peer.stop());
beforeEach(() => peer.reset());

const urls: Readonly<Record<string, () => string>> = {
  'node-redis': () => redis.url,
  memcached: () => memcached.url,
  memjs: () => memcached.url,
  mongodb: () => peer.url,
  caches: () => '',
};
/** What fails in a way that is hard to see: command, `error.type`, and how often. */
const FAILED: Readonly<Record<string, readonly (readonly [string, string, number])[]>> = {
  'node-redis': [
    ['BLPOP', 'SocketClosedUnexpectedlyError', 1],
    ['GET', 'AbortError', 1],
    ['GET', 'ClientClosedError', 0],
  ],
  memcached: [
    ['get', 'Error', 1],
    ['get', 'ECONNREFUSED', 1],
  ],
  // One that is retried, and one that is retried in vain.
  mongodb: [['find', 'MongoNetworkError', 3]],
};
/** Who waited in vain for a connection of a pool. */
const NOT_ACQUIRED: Readonly<Record<string, readonly [string, number]>> = {
  'node-redis': ['TimeoutError', 1],
  mongodb: ['MongoWaitQueueTimeoutError', 1],
};
/** Rejections that nobody hears of. */
const UNHANDLED: Readonly<Record<string, number>> = { 'node-redis': 1, mongodb: 1 };
const runs = NODES.flatMap((on) => Object.keys(urls).map((of) => ({ on, of })));

it.each(runs)('$of on $on.version behaves as without the recorder', async ({ on, of }) => {
  const run = async (isBare: boolean) => {
    peer.reset();
    const env = { ...PATIENT, TACHOGRAPH_WINDOW: '1s', DATABASE_URL: urls[of]!() };
    const options = { args: [of], env, node: on.node, isBare };
    const { code, stdout, stderr, lines } = await runApp('store-behaviour.mjs', options);
    return { seen: { code, stderr, seen: JSON.parse(stdout || 'null') }, lines };
  };
  const bare = await run(true);
  expect(bare.seen).toMatchObject({ code: 0 });
  const seen = new Map(bare.seen.seen as [string, unknown][]);
  expect(seen.get('unhandled')).toHaveLength(UNHANDLED[of] ?? 0);
  expect(seen.get('seen')).toBe(false);
  const recorded = await run(false);
  expect(recorded.seen).toEqual(bare.seen);
  for (const [name, errorType, count] of FAILED[of] ?? []) {
    const failed = { 'db.operation.name': name, 'error.type': errorType };
    expect([name, errorType, operations(recorded.lines, failed)]).toEqual([name, errorType, count]);
  }
  const [errorType, count] = NOT_ACQUIRED[of] ?? ['', 0];
  const waited = { 'error.type': errorType };
  expect(countOf(recorded.lines, 'db.client.connection.wait_time', waited)).toBe(count);
});
