/** Pools and transactions: who waited, how many connections there are, how long transactions took. */
import { expect, it } from 'vitest';
import { countOf, type Line } from '../../support/run-app.js';
import { runningService, serve } from './served.js';

const services = {
  pg: runningService('postgres'),
  mysql2: runningService('mariadb'),
};
const env = { LINGER_MS: '2500', TACHOGRAPH_SAMPLE_INTERVAL: '500ms' };

function gauge(lines: readonly Line[], name: string, state?: string): readonly Line[] {
  return lines.filter(
    (line) =>
      line.name === name && (state === undefined || line['db.client.connection.state'] === state),
  );
}

it.each([
  { name: 'pg', limit: 10 },
  // That of its cluster has the same name, so they are one.
  { name: 'mysql2', limit: 12 },
] as const)('$name: every acquisition and transaction is timed', async ({ name, limit }) => {
  const { lines, expected } = await serve(name, services[name].url, { env });
  const { transaction, cursor, stream, events, prepared } = expected;
  // Of the routes some ask the pool for a connection once, the others once a query.
  const once = [transaction, cursor, stream, events, prepared];
  const acquired = Object.values(expected).reduce(
    (sum, route) => sum + route.asked * (once.includes(route) ? 1 : route.queries),
    0,
  );
  expect(countOf(lines, 'db.client.connection.wait_time')).toBe(acquired);
  const { hostname, port, pathname } = new URL(services[name].url);
  const opened = countOf(lines, 'db.client.connection.create_time', {
    'server.address': hostname,
  });
  expect(opened).toBeGreaterThan(0);
  // pg's pool closes the connection of a query that failed.
  expect(opened).toBeLessThanOrEqual(limit + (name === 'pg' ? expected.failing!.asked : 0));
  const outcome = { 'tachograph.db.transaction.outcome': 'commit' };
  expect(countOf(lines, 'tachograph.db.transaction.duration', outcome)).toBe(transaction!.asked);

  const max = gauge(lines, 'db.client.connection.max');
  expect(max.length).toBeGreaterThan(0);
  expect(Math.max(...max.map(({ max: most }) => Number(most)))).toBe(limit);
  const pool = `${hostname}:${port}${pathname}`;
  expect(new Set(max.map((line) => line['db.client.connection.pool.name']))).toEqual(
    new Set([pool]),
  );
  for (const state of ['used', 'idle']) {
    expect(gauge(lines, 'db.client.connection.count', state).length).toBeGreaterThan(0);
  }
  expect(gauge(lines, 'db.client.connection.pending_requests').length).toBeGreaterThan(0);
});
