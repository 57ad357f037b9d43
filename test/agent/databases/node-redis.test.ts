/** node-redis against a real server: as many commands of each name as the server counted, by request too. */
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { redisCommandName } from '../../../src/agent/databases/redis-command-names.js';
import { countOf } from '../../support/run-app.js';
import { NODES, operations, runningService, serve } from './served.js';
import {
  commandsOf,
  commandsOfRequests,
  counted,
  readsExpected,
  readsOf,
} from './served-stores.js';

const service = runningService('redis');
const COMMANDS =
  'SET GET MGET HSET HGETALL HMGET INCR MULTI EXEC LPUSH EVAL EVALSHA HELLO AUTH'.split(' ');
const KINDS = [
  { driver: 'node-redis', protocol: '2' },
  { driver: 'node-redis', protocol: '3' },
  { driver: 'node-redis-pool', protocol: '3' },
];

it('every command of the server has its name, and nothing else has one', async () => {
  const redis = new Redis(service.url);
  const listed = (await redis.call('COMMAND', 'LIST')) as string[];
  // With a bar, of parts of commands.
  const names = listed.filter((name) => !name.includes('|'));
  redis.disconnect();
  expect(names.length).toBeGreaterThan(200);
  expect(names.filter((name) => redisCommandName(name) !== name.toUpperCase())).toEqual([]);
  expect(redisCommandName('JSON.GET')).toBe('JSON.GET');
  expect(['', 'a secret', 'constructor', undefined].map(redisCommandName)).toEqual([
    '',
    '',
    '',
    '',
  ]);
});

describe.each(NODES)('$version', ({ node }) => {
  it.each(KINDS)('$driver with protocol $protocol: as many as the server', async (kind) => {
    const { driver, protocol } = kind;
    const env = {
      PROTOCOL: protocol,
      TACHOGRAPH_TRACE_SAMPLE: '1',
      LINGER_MS: '1500',
      TACHOGRAPH_SAMPLE_INTERVAL: '500ms',
    };
    let run: Awaited<ReturnType<typeof serve>> | undefined;
    const stats = await counted([service.url], async () => {
      run = await serve(driver, service.url, { node, env });
    });
    const { lines, expected } = run!;
    const { recorded, served } = commandsOf(COMMANDS, lines, stats);
    expect(recorded).toEqual(served);
    expect(served.GET).toBeGreaterThan(100);
    const failed = { 'db.operation.name': 'LPUSH', 'error.type': 'SimpleError' };
    expect(operations(lines, failed)).toBe(expected.failing!.asked);
    expect(readsOf(lines, 'redis')).toEqual(readsExpected(expected));
    // Commands are no queries.
    expect(countOf(lines, 'tachograph.http.server.queries')).toBe(0);
    const requests = commandsOfRequests(lines, expected, 'redis');
    expect(requests.length).toBeGreaterThan(5);
    for (const { recorded: inTrace, sent } of requests) expect(inTrace).toEqual(sent);
    if (driver !== 'node-redis-pool') return;
    const { hostname, port } = new URL(service.url);
    const pool = { 'db.client.connection.pool.name': `${hostname}:${port}/0` };
    // One each but for the pipelines and transactions, and two that prepare what is read.
    const acquisitions = Object.values(expected).reduce(
      (sum, { asked, commands = [''] }) =>
        sum + asked * (/^(?:MULTI|GET INCR)/.test(commands.join(' ')) ? 1 : commands.length),
      2,
    );
    expect(countOf(lines, 'db.client.connection.wait_time', pool)).toBe(acquisitions);
    const max = lines.filter(({ name }) => name === 'db.client.connection.max');
    expect(max.length).toBeGreaterThan(0);
    expect(new Set(max.map((line) => line.max))).toEqual(new Set([4]));
  });
});
