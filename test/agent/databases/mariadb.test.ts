/** The connector mariadb against a real server, by all of its builds and interfaces. */
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
const runs = NODES.flatMap((on) => ['mariadb', 'mariadb-cjs'].map((driver) => ({ ...on, driver })));
/** By which the connector sets a connection up. */
const SET_UP = /^SET NAMES /;

describe.each(runs)('$driver on $version', ({ node, driver }) => {
  it('counts each of 200 requests at once exactly, and as many as the server', async () => {
    let served: Served | undefined;
    const executed = await executedBy(service.url, async () => {
      served = await serve(driver, service.url, {
        node,
        env: { LINGER_MS: '1500', TACHOGRAPH_SAMPLE_INTERVAL: '500ms' },
      });
    });
    const { lines, expected, stderr } = served!;
    expect(stderr).toBe('');
    expect(queriesByRoute(lines)).toEqual(exactly(expected));
    expect(operations(lines, {})).toBe(allQueries(expected));
    const asked = executed.filter((text) => !SET_UP.test(text));
    expect(asked.length).toBe(allQueries(expected));
    const { failing, transaction } = expected;
    expect(operations(lines, { 'error.type': 'ER_NO_SUCH_TABLE' })).toBe(2 * failing!.asked);
    const committed = { 'tachograph.db.transaction.outcome': 'commit' };
    expect(countOf(lines, 'tachograph.db.transaction.duration', committed)).toBe(
      transaction!.asked,
    );
    const created = countOf(lines, 'db.client.connection.create_time');
    expect(created).toBe(executed.length - asked.length);
    const max = lines
      .filter(({ name }) => name === 'db.client.connection.max')
      .map((line) => line.max);
    // Pools of one name are one: ten and five.
    expect(Math.max(...max.map(Number))).toBe(15);
  });
});
