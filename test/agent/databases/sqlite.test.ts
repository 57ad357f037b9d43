/** The synchronous drivers of SQLite: every query is counted once, for the request that made it. */
import { describe, expect, it } from 'vitest';
import { allQueries, exactly, NODES, operations, queriesByRoute, serve } from './served.js';

describe.each(NODES)('$version', ({ node }) => {
  it('libsql: counts each of 200 requests at once exactly', async () => {
    const { lines, expected, stderr } = await serve('libsql', '', { node });
    expect(queriesByRoute(lines)).toEqual(exactly(expected));
    // One more makes the table.
    expect(operations(lines, {})).toBe(allQueries(expected) + 1);
    expect(operations(lines, { 'tachograph.db.query.class': 'ddl' })).toBe(1);
    expect(operations(lines, { 'error.type': 'SQLITE_CONSTRAINT_PRIMARYKEY' })).toBe(
      expected.failing!.asked,
    );
    expect(stderr).toBe('');
  });
});
