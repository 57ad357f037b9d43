/** postgres.js against a real server, by both of its builds: every query is counted once, for the request that made it. */
import { describe, expect, it } from 'vitest';
import { areHooksSafe } from '../../../src/agent/esm-exports.js';
import { countOf } from '../../support/run-app.js';
import { LOGGED, loggedBy } from './postgres-log.js';
import {
  allQueries,
  exactly,
  NODES,
  operations,
  queriesByRoute,
  runningService,
  type Served,
  serve,
} from './served.js';

const service = runningService('postgres');
const runs = NODES.flatMap((on) =>
  ['postgres', 'postgres-cjs'].map((driver) => ({ ...on, driver })),
);

describe.each(runs)('$driver on $version', ({ node, version, driver }) => {
  it('counts each of 200 requests at once exactly, and as many as the server', async () => {
    let served: Served | undefined;
    const logged = await loggedBy(service.url, async () => {
      served = await serve(driver, `${service.url}?${LOGGED}`, {
        node,
        env: { LINGER_MS: '1500', TACHOGRAPH_SAMPLE_INTERVAL: '500ms' },
      });
    });
    const { lines, expected, stderr } = served!;
    expect(stderr).toBe('');
    expect(queriesByRoute(lines)).toEqual(exactly(expected));
    expect(operations(lines, {})).toBe(allQueries(expected));
    // What it asks by itself when a connection is new is none of the application's.
    const asked = logged?.filter((text) => !text.includes('typarray'));
    expect(asked?.length ?? allQueries(expected)).toBe(allQueries(expected));
    const failed = (code: string): number => operations(lines, { 'error.type': code });
    const { failing, savepoint, undone, cancelled, transaction } = expected;
    expect(failed('22012')).toBe(failing!.asked + savepoint!.asked + undone!.asked);
    expect(failed('57014')).toBe(cancelled!.asked);
    const outcomes = (outcome: string): number =>
      countOf(lines, 'tachograph.db.transaction.duration', {
        'tachograph.db.transaction.outcome': outcome,
      });
    expect(outcomes('commit')).toBe(transaction!.asked + savepoint!.asked);
    expect(outcomes('rollback')).toBe(undone!.asked);
    // Functions that an ES module exports by value cannot be replaced on Node.js without hooks.
    if (driver === 'postgres' && !areHooksSafe(version.slice(1))) return;

    // A transaction has its connection from BEGIN on; a reserved one is none of the pool's.
    const once = [transaction, savepoint, undone];
    const acquired = Object.values(expected)
      .filter((route) => route !== expected.copied)
      .reduce((sum, route) => sum + route.asked * (once.includes(route) ? 1 : route.queries), 0);
    expect(countOf(lines, 'db.client.connection.wait_time')).toBe(acquired);
    const { hostname, port, pathname } = new URL(service.url);
    expect(
      countOf(lines, 'db.client.connection.create_time', { 'server.address': hostname }),
    ).toBeGreaterThan(0);
    const pool = { 'db.client.connection.pool.name': `${hostname}:${port}${pathname}` };
    const gauge = (name: string, where = {}) =>
      lines.filter((line) =>
        Object.entries({ name, ...pool, ...where }).every(([key, value]) => line[key] === value),
      );
    const max = gauge('db.client.connection.max').map(({ max: most }) => most);
    expect(new Set(max)).toEqual(new Set([5]));
    // At last nobody waits, and all of them are idle.
    const pending = gauge('db.client.connection.pending_requests');
    expect(Math.min(...pending.map(({ min }) => Number(min)))).toBe(0);
    const idle = gauge('db.client.connection.count', { 'db.client.connection.state': 'idle' });
    expect(Math.max(...idle.map(({ max: most }) => Number(most)))).toBe(5);
  });
});
