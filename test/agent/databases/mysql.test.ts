/** mysql against a real server: every query is counted once, for the request that made it. */
import { describe, expect, it } from 'vitest';
import { countOf } from '../../support/run-app.js';
import { executedBy } from './mariadb-log.js';
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

const service = runningService('mariadb');

describe.each(NODES)('$version', ({ node }) => {
  it('counts each of 200 requests at once exactly, and as many as the server', async () => {
    let served: Served | undefined;
    const executed = await executedBy(service.url, async () => {
      served = await serve('mysql', service.url, { node });
    });
    const { lines, expected } = served!;
    expect(queriesByRoute(lines)).toEqual(exactly(expected));
    expect(operations(lines, {})).toBe(allQueries(expected));
    expect(executed.length).toBe(allQueries(expected));
    const { failing, transaction, events } = expected;
    expect(operations(lines, { 'error.type': 'ER_NO_SUCH_TABLE' })).toBe(failing!.asked);
    for (const outcome of ['commit', 'rollback']) {
      const of = { 'tachograph.db.transaction.outcome': outcome };
      expect(countOf(lines, 'tachograph.db.transaction.duration', of)).toBe(transaction!.asked);
    }
    // Who waits in the queue of the pool asks it again, and is one.
    const acquired = Object.values(expected).reduce(
      (sum, route) =>
        sum + route.asked * ([transaction, events].includes(route) ? 1 : route.queries),
      0,
    );
    expect(countOf(lines, 'db.client.connection.wait_time')).toBe(acquired);
    const created = countOf(lines, 'db.client.connection.create_time');
    expect(created).toBeGreaterThan(0);
    expect(created).toBeLessThanOrEqual(12);
  });
});
