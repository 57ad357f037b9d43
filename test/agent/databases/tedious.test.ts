/** tedious against a peer that speaks its protocol: no SQL Server can be had here. */
import { describe, expect, it } from 'vitest';
import { countOf } from '../../support/run-app.js';
import { startTdsPeer } from '../../support/tds-peer.js';
import { allQueries, exactly, NODES, operations, queriesByRoute, serve } from './served.js';

describe.each(NODES)('$version', ({ node }) => {
  it('counts each of 200 requests at once exactly, and as many as its peer', async () => {
    const peer = await startTdsPeer();
    const { lines, expected, stderr } = await serve('tedious', `tds://127.0.0.1:${peer.port}`, {
      node,
    }).finally(() => peer.stop());
    expect(stderr).toBe('');
    expect(queriesByRoute(lines)).toEqual(exactly(expected));
    expect(operations(lines, { 'db.system.name': 'microsoft.sql_server' })).toBe(
      allQueries(expected),
    );
    expect(peer.executed).toBe(allQueries(expected));
    expect(operations(lines, { 'error.type': 'EREQUEST' })).toBe(expected.failing!.asked);
    const { transaction } = expected;
    for (const outcome of ['commit', 'rollback']) {
      const of = { 'tachograph.db.transaction.outcome': outcome };
      expect(countOf(lines, 'tachograph.db.transaction.duration', of)).toBe(transaction!.asked);
    }
    const connected = Object.values(expected)
      .filter(({ queries }) => queries > 0)
      .reduce((sum, { asked }) => sum + asked, 0);
    expect(countOf(lines, 'db.client.connection.create_time')).toBe(connected);
  });
});
