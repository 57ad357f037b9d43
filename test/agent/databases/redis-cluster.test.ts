/** Clusters of Redis, by ioredis and node-redis: as many commands of each name as its nodes counted. */
import { beforeAll, describe, expect, it } from 'vitest';
import { NODES, runningService, serve } from './served.js';
import {
  commandsOf,
  commandsOfRequests,
  counted,
  formCluster,
  readsExpected,
  readsOf,
} from './served-stores.js';

const nodes = [runningService('redis-node'), runningService('redis-node')] as const;
const COMMANDS = 'SET GET MGET HGETALL HMGET INCR MULTI EXEC LPUSH EVAL EVALSHA'.split(' ');

beforeAll(() => formCluster([nodes[0].url, nodes[1].url]));

describe.each(NODES)('$version', ({ node }) => {
  it.each(['ioredis-cluster', 'node-redis-cluster'])('%s: as many as the nodes', async (driver) => {
    const urls = nodes.map(({ url }) => url);
    const env = { TACHOGRAPH_TRACE_SAMPLE: '1' };
    let run: Awaited<ReturnType<typeof serve>> | undefined;
    const stats = await counted(urls, async () => {
      run = await serve(driver, nodes[0].url, { node, env });
    });
    const { lines, expected } = run!;
    const { recorded, served } = commandsOf(COMMANDS, lines, stats);
    expect(recorded).toEqual(served);
    expect(served.GET).toBeGreaterThan(50);
    expect(readsOf(lines, 'redis')).toEqual(readsExpected(expected));
    const requests = commandsOfRequests(lines, expected, 'redis');
    expect(requests.length).toBeGreaterThan(5);
    for (const { recorded: inTrace, sent } of requests) expect(inTrace).toEqual(sent);
  });
});
