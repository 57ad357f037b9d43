/** ioredis against a real server: as many commands of each name as the server counted, and hits and misses. */
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { countOf } from '../../support/run-app.js';
import { NODES, operations, runningService, serve } from './served.js';
import { commandsOfRequests, readsExpected, readsOf } from './served-stores.js';

const service = runningService('redis');
const COMMANDS = ['GET', 'SET', 'MGET', 'HGETALL', 'INCR', 'MULTI', 'EXEC', 'LPUSH'];

/** How often the server was asked each command while `work` ran. */
async function counted(work: () => Promise<void>): Promise<Record<string, number>> {
  const redis = new Redis(service.url);
  await redis.call('CONFIG', 'RESETSTAT');
  await work();
  const stats = await redis.info('commandstats');
  redis.disconnect();
  const found = [...stats.matchAll(/cmdstat_(\w+):calls=(\d+)/g)];
  return Object.fromEntries(found.map(([, name = '', n]) => [name.toUpperCase(), Number(n)]));
}

describe.each(NODES)('$version', ({ node }) => {
  it('counts as many commands as the server, and what was found', async () => {
    const recorded: Record<string, number> = {};
    const stats = await counted(async () => {
      const { lines, expected } = await serve('ioredis', service.url, { node });
      for (const name of COMMANDS) {
        recorded[name] = operations(lines, {
          'db.operation.name': name,
          'db.system.name': 'redis',
        });
      }
      const failed = { 'db.operation.name': 'LPUSH', 'error.type': 'ReplyError' };
      expect(operations(lines, failed)).toBe(expected.failing!.asked);
      const { sequential, parallel, pipeline } = expected;
      const reads = (result: string): number =>
        lines
          .filter((line) => line.name === 'tachograph.cache.operations')
          .filter((line) => line['tachograph.cache.result'] === result)
          .reduce((sum, line) => sum + Number(line.value), 0);
      expect(reads('hit')).toBe(sequential!.asked + 2 * parallel!.asked + pipeline!.asked);
      expect(reads('miss')).toBe(sequential!.asked + 2 * parallel!.asked);
      const ofRoute = (route: string, result: string): number =>
        lines
          .filter((line) => line.name === 'tachograph.http.server.cache_reads')
          .filter((line) => line['http.route'] === `/${route}`)
          .filter((line) => line['tachograph.cache.result'] === result)
          .reduce((sum, line) => sum + Number(line.value), 0);
      expect(
        ['sequential', 'parallel', 'pipeline', 'transaction'].map((route) => [
          ofRoute(route, 'hit'),
          ofRoute(route, 'miss'),
        ]),
      ).toEqual([
        [sequential!.asked, sequential!.asked],
        [2 * parallel!.asked, 2 * parallel!.asked],
        [pipeline!.asked, 0],
        [0, 0],
      ]);
      // Commands are no queries.
      expect(countOf(lines, 'tachograph.http.server.queries')).toBe(0);
    });
    const served = Object.fromEntries(COMMANDS.map((name) => [name, stats[name] ?? 0]));
    expect(recorded).toEqual(served);
  });

  it('gives each request its own commands where ioredis makes one pipeline of all', async () => {
    // As many of 200 as may be sent at once: of a greater part the routes that end first would take all places.
    const env = { TACHOGRAPH_TRACE_SAMPLE: '10' };
    const { lines, expected } = await serve('ioredis-auto', service.url, { node, env });
    const requests = commandsOfRequests(lines, expected, 'redis');
    expect(new Set(requests.map(({ route }) => route)).size).toBe(3);
    for (const { recorded, sent } of requests) expect(recorded).toEqual(sent);
    expect(readsOf(lines, 'redis')).toEqual(readsExpected(expected));
  });
});
