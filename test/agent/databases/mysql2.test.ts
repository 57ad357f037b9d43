/** mysql2 against a real server: every query is counted once, for the request that made it. */
import { describe, expect, it } from 'vitest';
import { executedBy } from './mariadb-log.js';
import {
  allQueries,
  exactly,
  NODES,
  operations,
  queriesByRoute,
  runningService,
  serve,
} from './served.js';

const service = runningService('mariadb');

describe.each(NODES)('$version', ({ node }) => {
  it('counts each of 200 requests at once exactly, and as many as the server', async () => {
    let made = 0;
    const served = await executedBy(service.url, async () => {
      const { lines, expected } = await serve('mysql2', service.url, { node });
      expect(queriesByRoute(lines)).toEqual(exactly(expected));
      made = allQueries(expected);
      expect(operations(lines, { 'db.system.name': 'mysql' })).toBe(made);
      expect(operations(lines, { 'error.type': 'ER_NO_SUCH_TABLE' })).toBe(expected.failing!.asked);
    });
    expect(served.filter((text) => text.includes('/*q*/')).length).toBe(made);
  });
});
