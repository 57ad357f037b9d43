/** memcached and memjs against a real server: as many commands and hits as the server counted, by request too. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { countOf } from '../../support/run-app.js';
import { NODES, operations, runningService, serve } from './served.js';
import { commandsOfRequests, readsExpected, readsOf } from './served-stores.js';

const service = runningService('memcached');

/** `stats` of the server, after which it counts from nothing. */
async function takeStats(): Promise<Readonly<Record<string, number>>> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  let text = '';
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  socket.write('stats\r\nstats reset\r\nquit\r\n');
  await once(socket, 'close');
  const found = [...text.matchAll(/^STAT (\w+) (\d+)\r$/gm)];
  return Object.fromEntries(found.map(([, name = '', n]) => [name, Number(n)]));
}

describe.each(NODES)('$version', ({ node }) => {
  it.each(['memcached', 'memjs'])('%s: as many commands and hits as the server', async (driver) => {
    await takeStats();
    const env = { TACHOGRAPH_TRACE_SAMPLE: '1' };
    const { lines, expected } = await serve(driver, service.url, { node, env });
    const stats = await takeStats();
    const of = (...names: string[]): number =>
      names.reduce((sum, name) => sum + operations(lines, { 'db.operation.name': name }), 0);
    const { hit, miss } = readsOf(lines, 'memcached');
    const { cmd_get, get_hits, get_misses, cmd_set } = stats;
    // The server counts keys.
    expect(hit + miss).toBe(cmd_get);
    expect([hit, miss]).toEqual([get_hits, get_misses]);
    expect({ hit, miss }).toEqual(readsExpected(expected));
    expect(of('set', 'add')).toBe(cmd_set);
    expect(of('delete')).toBe(Number(stats.delete_hits) + Number(stats.delete_misses));
    const counters = Number(stats.incr_hits) + Number(stats.incr_misses);
    // What is no number is not counted by the server.
    expect(of('incr')).toBe(counters + expected.failing!.asked);
    const failed = lines.filter((line) => line['db.operation.name'] === 'incr');
    expect(
      operations(
        failed.filter((line) => line['error.type'] !== undefined),
        {},
      ),
    ).toBe(expected.failing!.asked);
    expect(countOf(lines, 'tachograph.http.server.queries')).toBe(0);
    const requests = commandsOfRequests(lines, expected, 'memcached');
    expect(requests.length).toBeGreaterThan(5);
    for (const { recorded, sent } of requests) expect(recorded).toEqual(sent);
  });
});
